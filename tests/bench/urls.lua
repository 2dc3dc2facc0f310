-- wrk sends what a file holds: lines "HOST PATH". Each thread takes its share of them, or all when there are too few, one after the other.
local threads = 0
function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end
function init(args)
	list, at = {}, 0
	local n = 0
	for line in io.lines(args[1]) do
		if n % tonumber(args[2]) == number % tonumber(args[2]) then
			local host, path = line:match("^(%S+) (%S+)$")
			list[#list + 1] = wrk.format("GET", path, {Host = host})
		end
		n = n + 1
	end
end
function request()
	at = at % #list + 1
	return list[at]
end
