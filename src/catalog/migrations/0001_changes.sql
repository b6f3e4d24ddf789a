CREATE TABLE `change` (
	`key` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `change_seq` ON `change` (`seq`);
--> statement-breakpoint
INSERT INTO `change` (`key`, `seq`) SELECT 'stream:' || `id`, rowid FROM `stream`;
--> statement-breakpoint
INSERT INTO `change` (`key`, `seq`) SELECT 'link:' || `slug`, rowid + (SELECT coalesce(max(rowid), 0) FROM `stream`) FROM `link`;
