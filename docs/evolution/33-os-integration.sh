#!/bin/sh
# Puts the files of the service where a package would: under the folder that is the argument.
set -eu
root=$1
units=packages/finger-server/systemd

install -D -m 644 -t "$root/usr/lib/systemd/system" "$units"/*.service "$units"/*.socket
install -D -m 644 "$units/finger-server.sysusers.conf" "$root/usr/lib/sysusers.d/finger-server.conf"
install -D -m 644 docs/evolution/33-os-integration.yaml "$root/etc/finger/finger.config.yaml"
install -D -m 644 examples/users "$root/etc/finger/users"

node packages/finger-server/bin/finger-server.cjs --check --config "$root/etc/finger/finger.config.yaml"
