# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # cores comes from dev
# Both jobs on sample data, the census tables from a web server on loopback: results, checks, times and speed-up.

readonly demo_dir=build/demo tequio=build/release/bin/tequio
readonly npy_files=400 rounds=5

demo() {
  make_sample_data
  start_server
  trap stop_server EXIT

  say; say "== mean and standard deviation of $npy_files arrays"
  run "$tequio" stats "$demo_dir/npy/*.npy" -o "$demo_dir/stats.txt"
  head -n 4 "$demo_dir/stats.txt"; say ...; tail -n 2 "$demo_dir/stats.txt"
  say; say "== the total of each of the 32 states, from 32 zipped tables behind URLs"
  run "$tequio" query -w 'MUN == 0 and LOC == 0' "$url/ITER_{01..32}_2020_csv.zip" -o "$demo_dir/states.csv"
  cut -d, -f1,2,10 "$demo_dir/states.csv" | head -n 6 # state, name, population
  say "... $(wc -l <"$demo_dir/states.csv") lines in $demo_dir/states.csv"

  compare stats "$npy_files files" "$tequio" stats --format csv "$demo_dir/npy/*.npy"
  check_lines "$demo_dir/stats.N.out" $((npy_files + 1))
  compare query "32 zipped tables by URL" "$tequio" query -w 'MUN == 0 and LOC == 0' "$url/ITER_{01..32}_2020_csv.zip"
  check_lines "$demo_dir/query.N.out" 33
  [ "$cores" -gt 1 ] || say "this machine has one core: more workers cannot be faster here"
  say; say "demo: all answers as expected"
}

make_sample_data() {
  mkdir -p "$demo_dir"
  [ -e "$demo_dir/npy/done" ] ||
    { run "$tequio" make npy "$demo_dir/npy" --files $npy_files --shape 100000 && touch "$demo_dir/npy/done"; }
  [ -e "$demo_dir/census/done" ] ||
    { run "$tequio" make census "$demo_dir/census" && touch "$demo_dir/census/done"; }
}

# compare NAME WHAT COMMAND...: the command with one worker and with one per core, in turn; the answers must be the same
compare() {
  local name=$1 what=$2 round start
  shift 2
  say; say "== $name: one worker and $cores workers in turn, $rounds times"
  say "+$(shown "$@") --workers 1"; say "+$(shown "$@") --workers $cores"
  : >"$demo_dir/$name.1.times"; : >"$demo_dir/$name.N.times"
  for ((round = 0; round < rounds; round++)); do
    start=$EPOCHREALTIME
    "$@" --workers 1 >"$demo_dir/$name.1.out"
    seconds_since "$start" >>"$demo_dir/$name.1.times"
    start=$EPOCHREALTIME
    "$@" --workers "$cores" >"$demo_dir/$name.N.out"
    seconds_since "$start" >>"$demo_dir/$name.N.times"
  done
  cmp "$demo_dir/$name.1.out" "$demo_dir/$name.N.out" || fail "$name: the answer depends on the number of workers"
  awk -v what="$what" -v cores="$cores" -v one="$(median "$demo_dir/$name.1.times")" -v all="$(median "$demo_dir/$name.N.times")" \
    'BEGIN { printf "%s: 1 worker %.3f s, %d workers %.3f s (medians), %.2f times as fast\n", what, one, cores, all, one / all }'
}

seconds_since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.6f\n", to - from }'; }
median() { sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

check_lines() {
  [ "$(wc -l <"$1")" = "$2" ] || fail "$1 has $(wc -l <"$1") lines and should have $2"
}

# A web server of our own: its files are under build/demo, it listens on loopback only, and it ends with the demo.
start_server() {
  local port _
  for _ in {1..9}; do
    port=$((20000 + RANDOM % 20000))
    server_config "$port" >"$demo_dir/nginx.conf"
    rm -f "$demo_dir/nginx.pid"
    say "+ nginx -p $demo_dir -c nginx.conf # on 127.0.0.1:$port"
    setpriv --pdeathsig TERM nginx -p "$PWD/$demo_dir" -c nginx.conf -e error.log & # ends with this script, even killed
    server=$!
    url=http://127.0.0.1:$port
    while kill -0 "$server" 2>/dev/null; do
      answers "$port" && return
      sleep 0.1
    done # it ended: most likely the port is taken, so try another
  done
  fail "nginx does not start; see $demo_dir/error.log"
}

# whether our own server answers at this port, and not another program
answers() { kill -0 "$server" 2>/dev/null && [ -s "$demo_dir/nginx.pid" ] && (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

stop_server() {
  kill "$server" 2>/dev/null || return 0
  wait "$server" 2>/dev/null || true
}

server_config() {
  # As root the workers stay root: they read a clone that may lie under /root.
  if [ "$(id -u)" = 0 ]; then echo 'user root;'; fi
  cat <<TEXT
daemon off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path tmp;
  proxy_temp_path tmp;
  fastcgi_temp_path tmp;
  uwsgi_temp_path tmp;
  scgi_temp_path tmp;
  sendfile on;
  server {
    listen 127.0.0.1:$1;
    root census;
  }
}
TEXT
}
