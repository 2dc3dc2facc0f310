// bigbluebutton-js as an application uses it: create, list, join, end, and an error. Prints one JSON line a step.
const bbb = require('bigbluebutton-js');

async function main([base, secret]) {
	const api = bbb.api(base, secret);
	const wrong = bbb.api(base, 'not-' + secret);
	const say = (step, value) => console.log(JSON.stringify({ step, ...value }));

	say('create', await bbb.http(api.administration.create('Übung & more', 'js room', { record: false, moderatorPW: 'mp' })));
	say('list', await bbb.http(api.monitoring.getMeetings()));
	say('running', await bbb.http(api.monitoring.isMeetingRunning('js room')));
	say('info', await bbb.http(api.monitoring.getMeetingInfo('js room')));
	console.log(JSON.stringify({ step: 'join', url: api.administration.join('Jörg +1', 'js room', 'x', { role: 'VIEWER' }) }));
	say('end', await bbb.http(api.administration.end('js room', 'mp')));
	say('none', await bbb.http(api.monitoring.getMeetingInfo('js room')));
	say('wrong', await bbb.http(wrong.monitoring.getMeetings()));
}

main(process.argv.slice(2));
