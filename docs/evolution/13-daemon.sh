#!/bin/sh
# The life of a daemon. The argument is its port.
set -eu

finger_server() { node packages/finger-server/bin/finger-server.cjs --config "$config" "$@"; }
ask() { node packages/finger-client/bin/finger-client.cjs "$1@127.0.0.1:$port"; }

folder=$(mktemp -d)
config=$folder/finger.config.yaml
trap 'finger_server stop || :; rm -r "$folder"' EXIT

cp examples/users "$folder/users"
cat > "$config" << END
users: users
listen: ${1:-7979}
log: { format: human }
process: { pidfile: finger.pid, logfile: finger.log }
END

finger_server --check  # all mistakes at once, if there are any
finger_server --daemon # returns when queries are answered, or fails with the reason
finger_server status

# Port 0 takes a free one, and the log tells which.
port=$(sed -n 's/.* on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$folder/finger.log")
ask moshez

echo 'aliases: { boss: moshez }' >> "$config"
finger_server reload
until grep -q 'read again' "$folder/finger.log"; do sleep 0.1; done
ask boss
cat "$folder/finger.log"
