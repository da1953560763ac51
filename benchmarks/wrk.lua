-- What every run of wrk shares: it counts answers of another status, and prints what it measured as one line of JSON.
-- Before this stand: method, headers, body, wanted (a status) and strict (whether each answer is looked at).

local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function init(args)
  wrk.method, wrk.body = method, body
  for name, value in pairs(headers) do wrk.headers[name] = value end
  wrong, sent = 0, 0
  math.randomseed(os.time() + id * 7919)
  prefix = string.format("%d-%d-%d", os.time(), id, math.random(1, 1000000000))
end

if strict then
  function response(status)
    if status ~= wanted then wrong = wrong + 1 end
  end
end

function done(summary, latency)
  local mistaken = strict and 0 or summary.errors.status -- which counts each answer of 400 and above, wanted or not
  for _, thread in ipairs(threads) do mistaken = math.max(mistaken, thread:get("wrong")) end
  local points = {}
  for step = 1, 1000 do points[step] = string.format("%d", latency:percentile(step / 10 - 0.05)) end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "microseconds": %d, "wrong": %d, "broken": %d, "latencies": [%s]}\n',
    summary.requests, summary.duration, mistaken, errors.connect + errors.read + errors.write + errors.timeout,
    table.concat(points, ",")
  ))
end
