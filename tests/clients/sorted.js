// A client that signs its parameters sorted and encoded one way, and lets axios send them in another order and encoding.
const crypto = require('crypto');
const axios = require('axios');

const [base, secret, name] = process.argv.slice(2);

function sign(call, params) {
	const text = Object.keys(params).sort().map((k) => `${k}=${encodeURIComponent(params[k])}`).join('&');
	return crypto.createHash('sha256').update(call + text + secret).digest('hex');
}

async function main() {
	const create = { meetingID: 'sorted js', name, attendeePW: 'a b', welcome: `${name}\nline two` };
	create.checksum = sign('create', create);
	console.log((await axios.get(`${base}/api/create`, { params: create })).data);
	const join = { fullName: name, meetingID: 'sorted js', password: 'a b' };
	join.checksum = sign('join', join);
	console.log(`${base}/api/join?${new URLSearchParams(join)}`);
}

main();
