ALTER TABLE `stream` ADD `target_views` integer;--> statement-breakpoint
ALTER TABLE `stream` ADD `target_clicks` integer;--> statement-breakpoint
ALTER TABLE `stream` ADD `target_orders` integer;--> statement-breakpoint
ALTER TABLE `stream` ADD `target_gmv` integer;