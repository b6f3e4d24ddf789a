ALTER TABLE `link` ADD `promoted_until` integer;--> statement-breakpoint
CREATE INDEX `link_promoted` ON `link` (`promoted_until`);