# What the player shows at a time: tests in JavaScript.

@test "player/timeline.js: states, paths, search" {
	run node --test "$B3LB_SOURCE/tests/player/timeline.mjs"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"pass 9"* ]]
}
