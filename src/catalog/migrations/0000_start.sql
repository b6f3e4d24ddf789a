CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `link` (
	`slug` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`stream_id` text NOT NULL,
	`creator_id` text,
	`creator` text,
	`channel` text,
	`channel_class` text,
	`campaign` text,
	`tags` text NOT NULL,
	`destinations` text,
	`primary` text,
	`expires_at` integer,
	`note` text,
	`external_id` text,
	`promotion` text,
	`disabled` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`stream_id`) REFERENCES `stream`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `link_created` ON `link` (`created_at`,`slug`);--> statement-breakpoint
CREATE INDEX `link_stream` ON `link` (`stream_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`key` text NOT NULL,
	`target` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	PRIMARY KEY(`key`, `target`)
);
--> statement-breakpoint
CREATE TABLE `state` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stream` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`title` text NOT NULL,
	`host` text,
	`cover` text,
	`starts_at` integer,
	`ends_at` integer,
	`timezone` text NOT NULL,
	`destinations` text NOT NULL,
	`primary` text NOT NULL,
	`landing` text NOT NULL,
	`durability` text NOT NULL,
	`shards` integer NOT NULL,
	`shards_ever` integer NOT NULL,
	`after` text,
	`phase` text,
	`secret` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE INDEX `stream_created` ON `stream` (`created_at`,`id`);