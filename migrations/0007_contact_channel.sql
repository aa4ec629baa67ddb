-- Which channel of the PBX a contact was: a call that the PBX noted as seen by nobody is not counted twice.
ALTER TABLE contacts ADD COLUMN channel_id text;
COMMENT ON COLUMN contacts.channel_id IS 'Unique id of the caller''s channel at the node.';
CREATE INDEX contacts_channel ON contacts (channel_id, node) WHERE channel_id IS NOT NULL;
