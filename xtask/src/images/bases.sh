#!/usr/bin/env bash
# Base images of the names that the Dockerfiles, the chart and Compose use, from Debian's packages and the compiler of
# this machine, for where no registry of images can be reached. Arguments: a folder for what is kept, the builder.
set -euo pipefail
cd "$1" && builder=$2
rust=docker.io/library/rust:1.95-bookworm cc=gcr.io/distroless/cc-debian12:nonroot postgres=docker.io/library/postgres:17-bookworm
bundle=/etc/ssl/certs/ca-certificates.crt

have() {
	case $builder in
	*buildah) buildah inspect --type=image "$1" >/dev/null 2>&1 ;;
	*) "$builder" image inspect "$1" >/dev/null 2>&1 ;;
	esac
}

tool() { command -v "$1" >/dev/null || { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null; }; }

# system FOLDER PACKAGES: a minimal Debian, kept.
system() {
	[ -e "$1/.done" ] && return
	tool debootstrap
	for try in 1 2 3; do
		rm -rf "$1"
		debootstrap --variant=minbase --include="$2" bookworm "$1" >"$1.log" 2>&1 && { touch "$1/.done"; return; }
		sleep $((try * 5))
	done
	tail -3 "$1.log" >&2
	return 1
}

# import FOLDER NAME CHANGES…
import() {
	local folder=$1 name=$2 change options=()
	shift 2
	echo "base image $name" >&2
	case $builder in
	*buildah)
		local container
		container=$(buildah from scratch)
		buildah add -q "$container" "$folder" / >/dev/null
		for change in "$@"; do
			case $change in
			ENV*) options+=(--env "${change#ENV }") ;;
			USER*) options+=(--user "${change#USER }") ;;
			WORKDIR*) options+=(--workingdir "${change#WORKDIR }") ;;
			ENTRYPOINT*) options+=(--entrypoint "${change#ENTRYPOINT }") ;;
			CMD*) options+=(--cmd "${change#CMD }") ;;
			esac
		done
		buildah config "${options[@]}" "$container"
		buildah commit -q --rm "$container" "$name" >/dev/null
		;;
	*)
		for change in "$@"; do options+=(--change "$change"); done
		tar -C "$folder" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists --exclude=./.done -cf - . |
			"$builder" import "${options[@]}" - "$name" >/dev/null
		;;
	esac
}

if ! have "$rust"; then
	system rust gcc,libc6-dev,ca-certificates
	sysroot=$(rustc --print sysroot)
	rm -rf rust/usr/local/rustup && mkdir -p rust/usr/local/rustup rust/usr/local/cargo
	cp -R "$sysroot" rust/usr/local/rustup/toolchain
	rm -rf rust/usr/local/rustup/toolchain/share/doc
	cp "$bundle" "rust$bundle"
	import rust "$rust" "ENV CARGO_HOME=/usr/local/cargo" \
		"ENV PATH=/usr/local/rustup/toolchain/bin:/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
fi

if ! have "$cc"; then
	rm -rf cc packages && mkdir -p cc/tmp cc/home/nonroot packages
	(cd packages && { apt-get download -q libc6 libgcc-s1 ca-certificates tzdata base-files netbase || { apt-get update -qq && apt-get download -q libc6 libgcc-s1 ca-certificates tzdata base-files netbase; }; } >/dev/null)
	for package in packages/*.deb; do dpkg-deb --extract "$package" cc; done
	rm -rf cc/usr/share/{doc,man,locale,lintian,bug} cc/usr/lib/x86_64-linux-gnu/gconv
	cp --remove-destination "$bundle" "cc$bundle"
	chmod 1777 cc/tmp && chown 65532:65532 cc/home/nonroot
	printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin \
		nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >cc/etc/passwd
	printf '%s\n' root:x:0: nobody:x:65534: nonroot:x:65532: >cc/etc/group
	import cc "$cc" "USER 65532" "WORKDIR /home/nonroot" "ENV SSL_CERT_FILE=$bundle"
fi

if ! have "$postgres"; then
	system postgres postgresql-15
	# The official image's user, folders, variables and programs on PATH.
	rm -rf postgres/var/lib/postgresql && mkdir -p postgres/var/lib/postgresql/data postgres/run/postgresql
	sed -i 's/^postgres:x:[0-9]*:[0-9]*:/postgres:x:999:999:/' postgres/etc/passwd
	sed -i 's/^postgres:x:[0-9]*:/postgres:x:999:/' postgres/etc/group
	cat >postgres/usr/local/bin/docker-entrypoint.sh <<-'ENTRY'
		#!/bin/bash
		set -euo pipefail
		if [ ! -s "$PGDATA/PG_VERSION" ]; then
			mkdir -p "$PGDATA" && chmod 700 "$PGDATA"
			initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
			echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
			pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
			[ "$POSTGRES_DB" = postgres ] || psql --username="$POSTGRES_USER" --dbname=postgres -c "CREATE DATABASE \"$POSTGRES_DB\""
			pg_ctl -D "$PGDATA" -m fast -w stop
		fi
		# As the official image's stop signal: sessions are cut, not waited for.
		"$@" -c "listen_addresses=*" & server=$!
		trap 'kill -INT $server' TERM INT
		wait $server || true
		wait $server
	ENTRY
	chmod 755 postgres/usr/local/bin/docker-entrypoint.sh
	chown -R 999:999 postgres/var/lib/postgresql postgres/run/postgresql && chmod 1777 postgres/var/lib/postgresql/data
	import postgres "$postgres" "USER 999" "ENV PGDATA=/var/lib/postgresql/data" \
		"ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'
fi
