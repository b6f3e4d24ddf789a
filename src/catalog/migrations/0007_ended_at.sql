ALTER TABLE `stream` ADD `ended_at` integer;--> statement-breakpoint
UPDATE `stream` SET `ended_at` = coalesce((
  SELECT CASE WHEN json_extract(`before`, '$.phase') = 'live' THEN `at` ELSE min(`at`, coalesce(`stream`.`ends_at`, `at`)) END
  FROM `audit`
  WHERE `target` = `stream`.`id` AND `action` = 'stream.changed' AND json_extract(`after`, '$.phase') = 'ended'
  ORDER BY `seq` DESC LIMIT 1
), min(`updated_at`, coalesce(`ends_at`, `updated_at`))) WHERE `phase` = 'ended';
