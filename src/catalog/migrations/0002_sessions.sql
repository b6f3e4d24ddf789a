CREATE TABLE `session` (
	`digest` text PRIMARY KEY NOT NULL,
	`principal` text NOT NULL,
	`proof` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
