CREATE TABLE `creator` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`tier` text,
	`ids` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `erasure` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`creator_id` text NOT NULL,
	`ids` text NOT NULL,
	`after_link` integer NOT NULL,
	`after_line` integer
);
--> statement-breakpoint
CREATE INDEX `link_creator` ON `link` (`creator_id`,`deleted_at`);--> statement-breakpoint
UPDATE `change` SET `seq` = `seq` + (SELECT max(`seq`) FROM `change`)
WHERE `key` LIKE 'stream:%' OR `key` IN (SELECT 'link:' || `slug` FROM `link` WHERE `destinations` IS NOT NULL);
