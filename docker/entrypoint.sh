#!/usr/bin/env bash
# What a container of the image runs: ROLE [ARGUMENT]..., ROLE being standalone, confignode, datanode, cli (arguments are
# those of ./sluice cli), or health, which the engine calls. Any other first word is run as a command.
#
# Values come from SLUICE_<key> in the environment, else from a folder mounted at /conf, else from the image's. A value that
# would be wrong in a container (an address that is the container's own loopback, memory beyond the container's) is
# replaced only where neither says otherwise.
set -euo pipefail

conf=/opt/sluice/conf
if [ -d /conf ]; then conf=/conf; fi
home=/var/lib/sluice

# The value of a parameter: setting FILE KEY
setting() {
  local override="SLUICE_$2"
  if [ -n "${!override+x}" ]; then echo "${!override}"; return; fi
  [ -r "$conf/$1" ] || return 0
  sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//p" "$conf/$1" | tail -1
}

# Sets a parameter that still has the value of the shipped files, or none: prefer FILE KEY SHIPPED VALUE
prefer() {
  local found
  found="$(setting "$1" "$2")"
  if [ -z "$found" ] || [ "$found" = "$3" ]; then export "SLUICE_$2=$4"; fi
}

own_address() { hostname -i | tr ' ' '\n' | grep -v '^127\.' | head -1; }

addresses() {
  local own
  case "$1" in
    # Its inner ports concern nobody else; clients come from outside.
    standalone) prefer iotdb-datanode.properties dn_rpc_address 127.0.0.1 0.0.0.0 ;;
    confignode)
      own="$(own_address)"
      prefer iotdb-confignode.properties cn_internal_address 127.0.0.1 "$own"
      # The first ConfigNode of a cluster names itself.
      prefer iotdb-confignode.properties cn_target_config_node_list 127.0.0.1:10710 \
        "$(setting iotdb-confignode.properties cn_internal_address):10710"
      ;;
    datanode)
      own="$(own_address)"
      prefer iotdb-datanode.properties dn_rpc_address 127.0.0.1 "$own"
      prefer iotdb-datanode.properties dn_internal_address 127.0.0.1 "$own"
      ;;
  esac
}

# The container's memory in MB; nothing when it has no limit of its own.
memory_limit_mb() {
  local file bytes
  for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    [ -r "$file" ] || continue
    bytes="$(cat "$file")"
    # "max", or a number beyond any machine, is no limit.
    if [ "$bytes" != max ] && [ "${#bytes}" -lt 15 ]; then echo $((bytes / 1048576)); return; fi
  done
}

# Shares of the container's memory: half for the heap of a DataNode, a fifth for buffers outside it; the rest is for code,
# threads and the kernel's cache of files.
memory() {
  local limit heap_mb
  limit="$(memory_limit_mb)"
  if [ -n "$limit" ] && [ -z "${SLUICE_HEAP:-}" ]; then
    case "$1" in
      confignode) heap_mb=$((limit * 2 / 5)); [ $heap_mb -le 512 ] || heap_mb=512 ;;
      *) heap_mb=$((limit / 2)) ;;
    esac
    [ $heap_mb -ge 64 ] || { echo "sluice: $limit MB is too little memory for a container of ours; 256 MB is the least" >&2; exit 1; }
    export SLUICE_HEAP="${heap_mb}m" SLUICE_DIRECT="${SLUICE_DIRECT:-$((limit / 5))m}"
  fi
  heap_mb="$(megabytes "${SLUICE_HEAP:-512m}")"
  if [ "$1" != confignode ] && [ -n "$heap_mb" ]; then
    prefer iotdb-datanode.properties dn_write_memory_bytes_max 268435456 $((heap_mb * 1048576 / 2))
    prefer iotdb-datanode.properties dn_chunk_cache_bytes 67108864 $((heap_mb * 1048576 / 8))
  fi
}

# "256m", "1g" or "1048576k" in MB; nothing for anything else.
megabytes() {
  case "$1" in
    *[mM]) echo "${1%?}" ;;
    *[gG]) echo $((${1%?} * 1024)) ;;
    *[kK]) echo $((${1%?} / 1024)) ;;
  esac
}

# Healthy: what it serves takes connections, and its metrics (where they are on) are answered, which takes a living process.
health() {
  local role address port metrics
  role="$(tr '\0' '\n' </proc/1/cmdline | tail -1)"
  addresses "$role"
  if [ "$role" = confignode ]; then
    address="$(setting iotdb-confignode.properties cn_internal_address)"
    port="$(setting iotdb-confignode.properties cn_internal_port)"
    metrics="$(setting iotdb-confignode.properties cn_metric_prometheus_reporter_port)"
    answers "${address:-127.0.0.1}" "${port:-10710}" "${metrics:-9091}" "${address:-127.0.0.1}"
  else
    address="$(setting iotdb-datanode.properties dn_rpc_address)"
    port="$(setting iotdb-datanode.properties dn_rpc_port)"
    metrics="$(setting iotdb-datanode.properties dn_metric_prometheus_reporter_port)"
    answers "${address:-127.0.0.1}" "${port:-6667}" "${metrics:-9092}" "$(setting iotdb-datanode.properties dn_internal_address)"
  fi
}

# answers HOST PORT METRICS_PORT METRICS_HOST
answers() {
  local line
  exec 3<>"/dev/tcp/$1/$2" || return 1
  exec 3>&-
  [ "$3" != 0 ] || return 0
  exec 3<>"/dev/tcp/${4:-127.0.0.1}/$3" || return 1
  printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
  read -r -t 4 line <&3 || return 1
  [[ "$line" == *" 200 "* ]]
}

role="${1:-standalone}"
[ $# -eq 0 ] || shift
case "$role" in
  standalone | confignode | datanode)
    addresses "$role"
    memory "$role"
    exec /opt/sluice/sluice run "$role" --home "$home" --conf "$conf"
    ;;
  cli) exec /opt/sluice/sluice cli "$@" ;;
  health) health ;;
  *) exec "$role" "$@" ;;
esac
