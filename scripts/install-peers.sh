#!/bin/sh
# Fetches the finger servers that Debian lets nobody install beside fingerd, and unpacks them into .cache/peers.
set -eu
cd "$(dirname "$0")/.."
download() { apt-get download -qq -o APT::Sandbox::User=root "$1"; }

for package in efingerd cfingerd libident; do
  folder=.cache/peers/$package
  if [ -d "$folder" ]; then continue; fi
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  (cd "$folder.new" && { download "$package" || { apt-get update -qq && download "$package"; }; })
  dpkg-deb -x "$folder.new/$package"_*.deb "$folder.new"
  mv "$folder.new" "$folder"
done
