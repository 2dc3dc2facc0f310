# b3lb-admin's command line: help, hints, abbreviations, the completion of bash. No database is asked.
load ../harness/harness.bash
setup_file() {
	h_begin
	h_conf
}
teardown_file() { rm -rf "$H"; }
bare() { "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" "$@"; }

commands() { bare --help | sed -n 's/^  //p'; }

@test "every object and every command says what it does, each option in a sentence, with an example" {
	[ "$(commands | wc -l)" -gt 50 ]
	while read -r object action _; do
		case $object in setup | check | config | status | history | usage) action= ;; esac
		run -0 bare "$object" --help
		[[ "$output" == *"b3lb-admin $object"* ]]
		all=$output
		run -0 bare "$object" $action -h
		[[ "${lines[0]}" == "usage: b3lb-admin $object"* && "${lines[1]}" == *. ]]
		[[ "$output" == *$'\nExample:\n  b3lb-admin '"$object${action:+ $action}"* ]]
		# A sentence below each option of its own.
		is "$(sed -n '/^Options of every/q;/^  --/{n;p}' <<<"$output" | grep -vc '^      [A-Za-z].*\.$')" 0
		# The object's help has them, too.
		while read -r sentence; do sentence=${sentence%.} && [[ "$all" == *"  ${sentence% (required)}"* ]] || { echo "$object: $sentence"; false; }; done < <(sed -n '/^Options of every/q;s/^      //p' <<<"$output")
	done < <(commands)
}

@test "the examples of the help are commands that are understood" {
	while read -r object action _; do
		case $object in setup | check | config | status | history | usage) action= ;; esac
		example=$(bare "$object" $action --help | tail -1)
		example=${example#*b3lb-admin }
		# Up to a redirection, and read, not run: --help comes with it.
		run -0 bare ${example%% >*} --help </dev/null
		[[ "${lines[0]}" == "usage: b3lb-admin $object"* ]]
	done < <(commands)
}

@test "a mistyped object, action or option is answered with the one that was meant" {
	while IFS='|' read -r words hint; do
		run bare $words
		is "$status" 2
		[[ "$output" == *"$hint"* ]] || { echo "$words: $output"; false; }
	done <<-'END'
		noed list|unknown object 'noed' (did you mean node?)
		nodes list|unknown object 'nodes' (did you mean node?)
		tennant list|(did you mean tenant?)
		node lsit|unknown action 'lsit' (did you mean list?)
		node maintainance x|(did you mean maintenance?)
		node add x --clutser y|unknown option '--clutser' (did you mean --cluster?)
		node list --jsno|unknown option '--jsno' (did you mean --json?)
		tenant set x --atendee-limit=5|(did you mean --attendee-limit?)
		zzzzzz|unknown object 'zzzzzz';
		node zzzzzz|unknown action 'zzzzzz';
		node list --zzzzzz|unknown option '--zzzzzz';
		node list -z|unknown option '-z';
		node list --ver|ambiguous option '--ver';
		node add x --cluster|option needs a value '--cluster';
		node zzzzzz|see b3lb-admin node --help
		node|see b3lb-admin node --help
		node list --zzzzzz|see b3lb-admin node list --help
		node enable|see b3lb-admin node enable --help
		tenant set acme --hold-days x|see b3lb-admin tenant set --help
		tenant set acme|an option is missing: nothing says what to change; see b3lb-admin tenant set --help
		cluster set main --yes|an option is missing: nothing says what to change; see b3lb-admin cluster set --help
		zzzzzz|; see b3lb-admin --help
		node list --json=1|option takes no value '--json=1';
		node set x --weight 1 --weight 2|option given twice '--weight'; see b3lb-admin node set --help
		token add x --role admin --role viewer|option given twice '--role'
	END
}

@test "options may be abbreviated, stand before the object and behind --" {
	run -0 bare config --js --a
	is "$(jq -r .api_base_domain <<<"$output")" "$H_DOMAIN"
	run -0 "$B3LB_PREFIX/sbin/b3lb-admin" --conf "$H/b3lb.conf" --json config
	is "$(jq -r .api_base_domain <<<"$output")" "$H_DOMAIN"
	run bare node remove -- --json
	[[ "$output" == *"node remove destroys"* ]]
	run -0 "$B3LB_PREFIX/libexec/b3lb/b3lb-poll" -h
	run "$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --conf=/nonexistent
	[[ "$output" == *"could not read configuration /nonexistent"* ]]
}

@test "what destroys is refused where no terminal can be asked on and --yes is not there" {
	for input in /dev/null "$H/b3lb.conf"; do
		run bare tenant remove acme <"$input"
		is "$status" 1
		[[ "$output" == *"give --yes"*"nothing was changed"* ]]
	done
	# A terminal for input alone is none to ask on.
	run script -qec "$B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf tenant remove acme 2>$H/said" /dev/null <<<y
	is "$status" 1
	grep -q "give --yes" "$H/said"
	# On one it is asked, and no is no.
	run script -qec "$B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf tenant remove acme" /dev/null <<<n
	is "$status" 1
	[[ "$output" == *"sure? [y/N]"*"nothing was changed"* ]]
}

@test "config --sample is JSON for programs" {
	run -0 bare config --sample --json
	is "$(jq -r '.[] | select(.key == "threads") | .default' <<<"$output")" 32
	is "$(jq -r '.[] | select(.key == "api_base_domain") | .default' <<<"$output")" null
	is "$(jq length <<<"$output")" "$(bare config --sample | grep -c '^#\{0,1\}[a-z0-9_]* =')"
}

@test "bash completes objects, actions, options and choices, and files elsewhere" {
	[ -f "$B3LB_PREFIX/share/bash-completion/completions/b3lb-admin" ]
	# completes WORDS... : what it offers for the last word.
	completes() {
		B3LB_ADMIN=$B3LB_PREFIX/sbin/b3lb-admin bash -c '
			. "$1" && shift
			COMP_WORDS=(b3lb-admin "$@") COMP_CWORD=$#
			_b3lb_admin
			echo "${COMPREPLY[*]}"' bash "$B3LB_PREFIX/share/bash-completion/completions/b3lb-admin" "$@"
	}
	is "$(completes no)" node
	is "$(completes node "")" "add drain enable end-meetings list maintenance proxy remove set why"
	is "$(completes node add x --we)" --weight
	is "$(completes --config "$H/b3lb.conf" node a)" add
	is "$(completes tenant set x --recording "")" "off on"
	is "$(completes tenant set x --platform m)" moodle
	is "$(completes parameter set acme duration m)" max
	is "$(completes config --s)" --sample
	is "$(completes token add x --expires "")" ""
	is "$(completes state import "")" ""
	is "$(completes --config "")" ""
	is "$(completes nothing "")" ""
	# Each word of the table is offered.
	for object in $(bare --help | sed -n 's/^  \([a-z]*\).*/\1/p' | sort -u); do [[ " $(completes "$object") " == *" $object "* ]]; done
}
