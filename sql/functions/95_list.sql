-- What lists and the overview show of rows.

-- How a node is, in a word; the first that is true.
create or replace function b3lb.node_health(n b3lb.node) returns text language sql immutable parallel safe as $$
	select case when n.state = 'maintenance' then 'maintenance' when not n.online then 'offline' when n.state = 'draining' then 'draining'
		when n.unsteady or n.failures > 0 then 'unsteady' else 'healthy' end
$$;

-- What to do about a call that was refused, by its key (doc/contract, 4).
create or replace function b3lb.refusal_advice(p_key text) returns text language sql immutable parallel safe as $$
	select case p_key
		when 'checksumError' then 'The call was signed with another secret, or changed on its way: compare the secret and the URL on the '
			'platform with those of this tenant.'
		when 'maxMeetingsReached' then 'As many meetings run as the tenant or the secret may have: end one, or raise meeting_limit.'
		when 'maxParticipantsReached' then 'As many people are in meetings as the tenant or the secret may have: raise attendee_limit.'
		when 'noNodesAvailable' then 'No node of the tenant''s group could take it: see which of them are offline, draining, in maintenance or '
			'full.'
		when 'serverTagUnavailable' then 'No node with a tag that the meeting must have could take it: see which nodes have it, and whether the '
			'tenant may ask for it.'
		when 'retried' then 'A node failed and another one took over; nobody was refused. See what that node''s last error is.'
		when 'limitPassed' then 'Nobody was refused: a limit of the tenant or the secret is reached, and its limit_mode is warn.'
		when 'notFound' then 'There is no such meeting or recording for this secret: it has ended, or another secret made it.'
		when 'meetingNotFound' then 'There is no such meeting for this secret: it has ended, or another secret made it.'
		when 'invalidParameters' then 'The platform has sent a parameter that breaks its rule: the message names both.'
		when 'validationError' then 'The platform has sent a meetingID with blanks around it or control characters.'
		when 'unsupportedRequest' then 'The platform asks for a call that this version does not know.'
		when 'unsupportedContentType' then 'The platform has sent a body of a type that the call does not take.'
		when 'requestTooLarge' then 'The platform has sent more than the call takes.'
		when 'internalError' then 'It failed on our side: look for the request id in the log of b3lb-api.'
		else 'The message says what was wrong.' end
$$;
