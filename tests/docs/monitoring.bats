# contrib/: alerts for Prometheus and a board for Grafana name metrics that there are, and fire when they should.
bats_require_minimum_version 1.5.0
rules=$B3LB_SOURCE/contrib/prometheus-b3lb.rules.yml
board=$B3LB_SOURCE/contrib/grafana-b3lb.json
families() { sed -n 's/^\.It Li \(b3lb_[a-z_]*\) Pq.*/\1/p' "$B3LB_SOURCE/man/b3lb-stats.8"; }

@test "promtool takes the rules" {
	run -0 promtool check rules "$rules"
	[[ "$output" == *"SUCCESS: "*" rules found"* ]]
}

@test "every metric of the rules and the board is one of b3lb-stats(8); no panel lies on another" {
	jq -e '.panels | length > 10' "$board" >/dev/null
	used=$(cat "$rules" <(jq -r '.panels[].targets[].expr, .templating.list[].query' "$board") | grep -oE 'b3lb_[a-z_]+' | sed -E 's/_(bucket|sum|count)$//' | sort -u)
	[ "$(wc -l <<<"$used")" -gt 10 ]
	while read -r metric; do families | grep -q -x "$metric" || { echo "there is no $metric"; false; }; done <<<"$used"
	# Panels stand beside and below each other.
	[ "$(jq '[.panels[].gridPos | .y * 24 + .x] | length == (unique | length)' "$board")" = true ]
}

@test "alerts fire when they should, and a calm service raises none" {
	cat >"$BATS_TEST_TMPDIR/test.yml" <<-EOT
		rule_files: [ "$rules" ]
		evaluation_interval: 1m
		tests:
		  - interval: 1m
		    input_series:
		      - { series: 'b3lb_attention{kind="node"}', values: '0x10 2x20' }
		      - { series: 'b3lb_node_load{node="n1"}', values: '5x20 -1x20' }
		      - { series: 'b3lb_job_age_seconds{job="poll"}', values: '15x40' }
		      - { series: 'b3lb_requests_refused_total{tenant="ACME"}', values: '0+1x40' }
		    alert_rule_test:
		      - { eval_time: 9m, alertname: B3lbNode, exp_alerts: [] }
		      - { eval_time: 9m, alertname: B3lbNoNode, exp_alerts: [] }
		      - { eval_time: 9m, alertname: B3lbSilent, exp_alerts: [] }
		      - { eval_time: 30m, alertname: B3lbPollLate, exp_alerts: [] }
		      - { eval_time: 30m, alertname: B3lbRefused, exp_alerts: [] }
		      - eval_time: 18m
		        alertname: B3lbNode
		        exp_alerts:
		          - exp_labels: { severity: warning, kind: node }
		            exp_annotations: { summary: "2 nodes that are not in maintenance do not answer, or not as they should" }
		      - eval_time: 25m
		        alertname: B3lbNoNode
		        exp_alerts:
		          - exp_labels: { severity: critical }
		            exp_annotations: { summary: "no node gets meetings: each create is answered with noNodesAvailable" }
		  - interval: 1m
		    input_series:
		      - { series: 'up', values: '0x10' }
		      - { series: 'b3lb_requests_refused_total{tenant="ACME"}', values: '0+120x40' }
		    alert_rule_test:
		      - eval_time: 6m
		        alertname: B3lbSilent
		        exp_alerts:
		          - exp_labels: { severity: critical }
		            exp_annotations: { summary: "b3lb tells nothing: is b3lb-stats, or the database, away?" }
		      - eval_time: 30m
		        alertname: B3lbRefused
		        exp_alerts:
		          - exp_labels: { severity: info, tenant: ACME }
		            exp_annotations: { summary: "ACME is refused 2 calls a second: b3lb-admin request list --tenant ACME" }
	EOT
	run promtool test rules "$BATS_TEST_TMPDIR/test.yml"
	[ "$status" = 0 ] || { echo "$output"; false; }
}
