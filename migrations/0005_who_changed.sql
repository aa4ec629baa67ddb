-- Who changed a citizen or a ticket last (the API names the person or the key).
ALTER TABLE citizens ADD COLUMN updated_by text;
ALTER TABLE tickets ADD COLUMN updated_by text;
