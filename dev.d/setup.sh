# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Installs the Debian packages that packages.txt lists for a verb, and only those that are missing.

# wanted SECTION...: the packages of these sections
wanted() {
  awk -v sections=" $* " '/^\[/ { inside = index(sections, " " substr($1, 2, length($1) - 2) " "); next }
                          /^[^#]/ && inside { print $1 }' packages.txt
}

# missing PACKAGE...: those that are not installed
missing() {
  dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    awk -v wanted="$*" '$1 == "installed" { have[$2] = 1 }
                        END { n = split(wanted, name, " "); for (i = 1; i <= n; i++) if (!(name[i] in have)) print name[i] }'
}

setup() {
  local sections packages lacking
  case $1 in
    build) sections=build ;;
    demo) sections='build demo' ;;
    test) sections='build test' ;;
    lint) sections='build test lint' ;; # lints compile the tests as well
    all) sections='build demo test lint' ;;
    *) fail "no section '$1' in packages.txt; one of: build demo test lint" ;;
  esac
  # shellcheck disable=SC2086 # lists of words
  packages=$(wanted $sections)
  command -v apt-get >/dev/null ||
    fail "setup knows Debian's apt only; install the equivalents of:" "$packages"
  # shellcheck disable=SC2086
  lacking=$(missing $packages || true)
  # shellcheck disable=SC2086
  [ -z "$lacking" ] || install_packages $lacking
  case $1 in test | all) install_newest_numpy ;; esac
}

# Debian's NumPy adds up by the rule of 1.24; tests of today's rule ask one from PyPI, and are skipped without it.
install_newest_numpy() {
  local folder=.cache/numpy wanted='numpy>=2.3,<3'
  ! "$folder/bin/python3" -c 'import numpy' 2>/dev/null || return 0
  if ! { run /usr/bin/python3 -m venv --clear "$folder" && run "$folder/bin/pip" install --quiet "$wanted"; }; then
    run rm -rf "$folder"
    say "dev: $wanted was not installed: PyPI could not be reached, or has none for this Python; the tests that compare"
    say "dev: with it will be skipped; ./dev setup test tries again"
  fi
}

install_packages() {
  local as_root=() status=0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || refuse "$@"
    as_root=(sudo)
  fi
  run "${as_root[@]}" apt-get update || refuse "$@"
  keep_services_stopped "${as_root[@]}"
  run "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" || status=$?
  allow_services_again "${as_root[@]}"
  [ $status = 0 ] || refuse "$@"
  # A package of a server switches its service on for the next start of the machine; the demo wants the program only.
  case " $* " in *" nginx "*)
    if [ -d /run/systemd/system ]; then run "${as_root[@]}" systemctl disable --quiet nginx.service || true; fi ;;
  esac
}

refuse() {
  fail "packages are missing and could not be installed; as root, run:
  apt-get update && apt-get install --no-install-recommends $*"
}

# While packages are installed no service is started (exit code 101 says so to Debian's invoke-rc.d). A machine's own
# policy is left as it is.
readonly service_policy=/usr/sbin/policy-rc.d
made_service_policy=no

keep_services_stopped() {
  [ ! -e $service_policy ] || return 0
  made_service_policy=yes
  # shellcheck disable=SC2064 # the words as they are now
  trap "allow_services_again $*" EXIT
  "$@" sh -c "printf '#!/bin/sh\nexit 101\n' >$service_policy && chmod 755 $service_policy"
}

allow_services_again() {
  [ $made_service_policy = yes ] || return 0
  made_service_policy=no
  trap - EXIT
  "$@" rm -f $service_policy
}
