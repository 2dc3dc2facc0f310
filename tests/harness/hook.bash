# Webhooks: what a sink was told, and what is due now.

# The events that a sink took, one a line as JSON, with status, timestamp, domain: hook_got SINK
hook_got() {
	sink "$1" | perl -MJSON::PP -e '
		my $json = JSON::PP->new->canonical;
		for my $in (@{$json->decode(join "", <STDIN>)}) {
			my %f = map { my ($n, $v) = split /=/, $_, 2; $v =~ s/\+/ /g; $v =~ s/%(..)/chr hex $1/ge; ($n, $v) } split /&/, $in->{body};
			for my $e (@{$json->decode($f{event})}) {
				print $json->encode({%{$e->{data}}, status => $in->{status}, timestamp => 0 + $f{timestamp}, domain => $f{domain}}), "\n";
			}
		}'
}
# Their names in the order of arrival, on one line.
hook_names() { hook_got "$1" | jq -r .id | paste -sd' '; }

# Sends what waits, without waiting for the second that events are held back for.
hook_send() {
	sql "update b3lb.hook_event set next_at = now() - interval '1 second' where not own or next_at < now() + interval '5 seconds'"
	job hooks
}

# Forgets hooks, and what they were told.
hook_reset() { sql "truncate b3lb.hook_event, b3lb.hook_seen, b3lb.hook_room, b3lb.hook_left; delete from b3lb.hook"; }

# A node's bbb-webhooks is of that version, and registers ours: hook_node NODE PROFILE
hook_node() {
	sim "$1/hooks" "profile=$2" forget=1 >/dev/null
	sql "update b3lb.node set hook_at = null, hook_state = 'unknown' where slug = '$1'"
	job hooks
}
# How many events wait: h_wait hook_waits 3
hook_waits() { is "$(sql "select count(*) from b3lb.hook_event")" "$1"; }
