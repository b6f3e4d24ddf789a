ALTER TABLE `link` ADD `ad_label` integer;--> statement-breakpoint
ALTER TABLE `stream` ADD `brand_name` text;--> statement-breakpoint
ALTER TABLE `stream` ADD `brand_logo` text;--> statement-breakpoint
ALTER TABLE `stream` ADD `brand_color` text;--> statement-breakpoint
ALTER TABLE `stream` ADD `operator_name` text;--> statement-breakpoint
ALTER TABLE `stream` ADD `filing_number` text;