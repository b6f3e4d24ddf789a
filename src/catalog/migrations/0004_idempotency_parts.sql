CREATE TABLE `idempotency_part` (
	`key` text NOT NULL,
	`part` integer NOT NULL,
	`body` blob NOT NULL,
	PRIMARY KEY(`key`, `part`)
);
