CREATE TABLE `share` (
	`id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`stream_id` text NOT NULL,
	`view` text NOT NULL,
	`creator` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	FOREIGN KEY (`stream_id`) REFERENCES `stream`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `share_digest_unique` ON `share` (`digest`);