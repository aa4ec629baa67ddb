-- What a page asks of call-backs beside the lists: by the call in which one was promised or which superseded one, and by welfare schedule.
CREATE INDEX callbacks_source ON callbacks (source_contact_id) WHERE source_contact_id IS NOT NULL;
CREATE INDEX callbacks_superseding ON callbacks (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX callbacks_schedule ON callbacks (schedule_id, requested_at DESC) WHERE schedule_id IS NOT NULL;
