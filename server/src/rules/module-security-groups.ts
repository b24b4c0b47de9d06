/**
 * The rules of the security groups that terraform-aws-modules/security-group makes of its arguments: lists of named rules, each for all
 * CIDRs of the call, and maps with ports and CIDRs of their own. Names, ports and the rules of submodules after the module's rules.tf,
 * how they are put together after its main.tf (version 5).
 */

import type { Node } from '../syntax/node.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import {
  asString,
  type Condition,
  type ObjectValue,
  type Property,
  type Scalar,
  type Value,
} from '../template/value.ts';

export const SECURITY_GROUP_MODULE = 'module:terraform-aws-modules/security-group/aws';

/** Protocol and port (or first and last port) of the rules that the module knows by name. */
const NAMED: Readonly<Record<string, string>> = {
  'activemq-5671-tcp': 'tcp 5671',
  'activemq-8883-tcp': 'tcp 8883',
  'activemq-61614-tcp': 'tcp 61614',
  'activemq-61617-tcp': 'tcp 61617',
  'activemq-61619-tcp': 'tcp 61619',
  'cassandra-clients-tcp': 'tcp 9042',
  'cassandra-thrift-clients-tcp': 'tcp 9160',
  'cassandra-jmx-tcp': 'tcp 7199',
  'consul-tcp': 'tcp 8300',
  'consul-webui-http-tcp': 'tcp 8500',
  'consul-webui-https-tcp': 'tcp 8501',
  'docker-swarm-mngmt-tcp': 'tcp 2377',
  'docker-swarm-node-tcp': 'tcp 7946',
  'dns-udp': 'udp 53',
  'dns-tcp': 'tcp 53',
  'etcd-client-tcp': 'tcp 2379',
  'etcd-peer-tcp': 'tcp 2380',
  'elasticsearch-rest-tcp': 'tcp 9200',
  'elasticsearch-java-tcp': 'tcp 9300',
  'grafana-tcp': 'tcp 3000',
  'http-80-tcp': 'tcp 80',
  'http-8080-tcp': 'tcp 8080',
  'https-443-tcp': 'tcp 443',
  'https-8443-tcp': 'tcp 8443',
  'kafka-broker-tcp': 'tcp 9092',
  'kafka-broker-tls-tcp': 'tcp 9094',
  'kafka-broker-tls-public-tcp': 'tcp 9194',
  'kafka-broker-sasl-scram-tcp': 'tcp 9096',
  'kafka-broker-sasl-iam-tcp': 'tcp 9098',
  'kibana-tcp': 'tcp 5601',
  'kubernetes-api-tcp': 'tcp 6443',
  'ldap-tcp': 'tcp 389',
  'ldaps-tcp': 'tcp 636',
  'logstash-tcp': 'tcp 5044',
  'memcached-tcp': 'tcp 11211',
  'minio-tcp': 'tcp 9000',
  'mongodb-27017-tcp': 'tcp 27017',
  'mongodb-27018-tcp': 'tcp 27018',
  'mongodb-27019-tcp': 'tcp 27019',
  'mysql-tcp': 'tcp 3306',
  'mssql-tcp': 'tcp 1433',
  'mssql-udp': 'udp 1434',
  'mssql-analytics-tcp': 'tcp 2383',
  'mssql-broker-tcp': 'tcp 4022',
  'nfs-tcp': 'tcp 2049',
  'openvpn-udp': 'udp 1194',
  'openvpn-tcp': 'tcp 943',
  'openvpn-https-tcp': 'tcp 443',
  'oracle-db-tcp': 'tcp 1521',
  'postgresql-tcp': 'tcp 5432',
  'prometheus-http-tcp': 'tcp 9090',
  'rabbitmq-4369-tcp': 'tcp 4369',
  'rabbitmq-5671-tcp': 'tcp 5671',
  'rabbitmq-5672-tcp': 'tcp 5672',
  'rabbitmq-15672-tcp': 'tcp 15672',
  'rabbitmq-25672-tcp': 'tcp 25672',
  'rdp-tcp': 'tcp 3389',
  'rdp-udp': 'udp 3389',
  'redis-tcp': 'tcp 6379',
  'redshift-tcp': 'tcp 5439',
  'smtp-tcp': 'tcp 25',
  'smtp-submission-587-tcp': 'tcp 587',
  'smtps-465-tcp': 'tcp 465',
  'squid-proxy-tcp': 'tcp 3128',
  'ssh-tcp': 'tcp 22',
  'vault-tcp': 'tcp 8200',
  'web-jmx-tcp': 'tcp 1099',
  'winrm-http-tcp': 'tcp 5985',
  'winrm-https-tcp': 'tcp 5986',
  'zookeeper-2181-tcp': 'tcp 2181',
  'zookeeper-2888-tcp': 'tcp 2888',
  'zookeeper-3888-tcp': 'tcp 3888',
  'all-all': '-1 -1',
  'all-tcp': 'tcp 0 65535',
  'all-udp': 'udp 0 65535',
  'all-icmp': 'icmp -1',
  'all-ipv6-icmp': '58 -1',
};

/** Rules that the submodule of a service brings along, for the CIDRs of the call. */
const SUBMODULES: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  activemq: [
    'activemq-5671-tcp',
    'activemq-8883-tcp',
    'activemq-61614-tcp',
    'activemq-61617-tcp',
    'activemq-61619-tcp',
  ],
  cassandra: ['cassandra-clients-tcp', 'cassandra-thrift-clients-tcp', 'cassandra-jmx-tcp'],
  etcd: ['etcd-client-tcp', 'etcd-peer-tcp'],
  elasticsearch: ['elasticsearch-rest-tcp', 'elasticsearch-java-tcp'],
  grafana: ['grafana-tcp'],
  'http-80': ['http-80-tcp'],
  'http-8080': ['http-8080-tcp'],
  'https-443': ['https-443-tcp'],
  'https-8443': ['https-8443-tcp'],
  'kubernetes-api': ['kubernetes-api-tcp'],
  kibana: ['kibana-tcp'],
  ldap: ['ldap-tcp'],
  ldaps: ['ldaps-tcp'],
  logstash: ['logstash-tcp'],
  memcached: ['memcached-tcp'],
  minio: ['minio-tcp'],
  mongodb: ['mongodb-27017-tcp', 'mongodb-27018-tcp', 'mongodb-27019-tcp'],
  mysql: ['mysql-tcp'],
  mssql: ['mssql-tcp', 'mssql-udp', 'mssql-analytics-tcp', 'mssql-broker-tcp'],
  nfs: ['nfs-tcp'],
  openvpn: ['openvpn-udp', 'openvpn-tcp', 'openvpn-https-tcp'],
  'oracle-db': ['oracle-db-tcp'],
  postgresql: ['postgresql-tcp'],
  rabbitmq: ['rabbitmq-4369-tcp', 'rabbitmq-5671-tcp', 'rabbitmq-5672-tcp', 'rabbitmq-15672-tcp', 'rabbitmq-25672-tcp'],
  rdp: ['rdp-tcp', 'rdp-udp'],
  redis: ['redis-tcp'],
  redshift: ['redshift-tcp'],
  smtp: ['smtp-tcp'],
  squid: ['squid-proxy-tcp'],
  ssh: ['ssh-tcp'],
  vault: ['vault-tcp'],
  web: ['http-80-tcp', 'http-8080-tcp', 'https-443-tcp', 'web-jmx-tcp'],
  winrm: ['winrm-http-tcp', 'winrm-https-tcp'],
});

/** Every type of call that makes such a group. */
export const SECURITY_GROUP_MODULES: readonly string[] = [
  SECURITY_GROUP_MODULE,
  ...Object.keys(SUBMODULES).map((name) => `${SECURITY_GROUP_MODULE}//modules/${name}`),
];

/** Arguments that hold CIDRs for all named rules, and the attribute of a rule that they become. */
const CIDRS = [
  ['ingress_cidr_blocks', 'cidr_blocks'],
  ['ingress_ipv6_cidr_blocks', 'ipv6_cidr_blocks'],
] as const;

/** Arguments that hold rules as maps, each with its CIDRs as one text. */
const MAPS = [
  ['ingress_with_cidr_blocks', 'cidr_blocks', 'ingress_cidr_blocks'],
  ['ingress_with_ipv6_cidr_blocks', 'ipv6_cidr_blocks', 'ingress_ipv6_cidr_blocks'],
] as const;

/** A block of a rule with the given members. */
function block(node: Node, members: ReadonlyMap<string, Property>): ObjectValue {
  return { kind: 'object', node, names: [...members.keys()], get: (name) => members.get(name) };
}

/** Protocol and ports of a named rule, said at a node; none where the module of this version may know another. */
function portsOf(name: string | undefined, node: Node): readonly Property[] {
  const known = name !== undefined && Object.hasOwn(NAMED, name) ? NAMED[name]?.split(' ') : undefined;
  const [protocol, from, to = from] = known ?? [];
  if (protocol === undefined || from === undefined) return [];
  const say = (property: string, value: Scalar): Property => ({
    name: property,
    key: node,
    value: { kind: 'known', value, node },
  });
  return [say('protocol', protocol), say('from_port', Number(from)), say('to_port', Number(to))];
}

/** A value that only counts under the conditions that its leaf has beyond those of the call. */
function under(conditions: readonly Condition[], value: Value): Value {
  return conditions.reduceRight<Value>(
    (inner, condition) => ({ kind: 'choice', node: inner.node, alternatives: [{ condition, value: inner }] }),
    value,
  );
}

/** `10.0.0.0/8,10.1.0.0/16` as the list that the module makes of it. */
function splitCidrs(value: Value): Value {
  if (value.kind === 'choice') {
    const alternatives = value.alternatives.map((one) => ({ ...one, value: splitCidrs(one.value) }));
    return { ...value, alternatives };
  }
  const text = asString(value);
  if (text === undefined) return { kind: 'list', node: value.node, items: [value] };
  const items = text.split(',').map((cidr): Value => ({ kind: 'known', value: cidr.trim(), node: value.node }));
  return { kind: 'list', node: value.node, via: value.via, items };
}

/** Rules by name, each for every CIDR of the call. */
function namedRules(call: Resource): readonly Value[] {
  // The table of rules may be the caller's own.
  if (call.properties.get('rules')) return [];
  const cidrs = CIDRS.flatMap(([argument, name]) => {
    const property = call.properties.get(argument);
    return property ? [{ ...property, name }] : [];
  });
  if (!cidrs.length) return [];
  const rule = (name: string | undefined, node: Node): Value | undefined => {
    const ports = portsOf(name, node);
    return ports.length ? block(node, new Map([...ports, ...cidrs].map((one) => [one.name, one]))) : undefined;
  };
  const listed = ['ingress_rules', ...(call.properties.get('auto_ingress_rules') ? ['auto_ingress_rules'] : [])];
  const leaves = listed.filter((name) => call.properties.get(name)).flatMap((name) => select(call, `${name}[]`));
  const submodule = call.type.split('//modules/')[1];
  const brought = listed.length > 1 || submodule === undefined ? [] : (SUBMODULES[submodule] ?? []);
  return [
    ...leaves.flatMap((leaf: Found) => {
      const made = rule(asString(leaf.value), leaf.node);
      return made ? [under(leaf.conditions.slice(call.conditions.length), made)] : [];
    }),
    ...brought.flatMap((name) => rule(name, call.key) ?? []),
  ];
}

/** Rules as maps: ports of their own or a name's, CIDRs of their own or the call's. */
function mappedRules(call: Resource): readonly Value[] {
  return MAPS.flatMap(([argument, cidrs, shared]) => {
    if (!call.properties.get(argument)) return [];
    return select(call, `${argument}[]`).flatMap((leaf) => {
      const { value } = leaf;
      if (value.kind !== 'object') return [];
      const name = value.get('rule');
      const members = new Map<string, Property>();
      if (name && !call.properties.get('rules')) {
        for (const one of portsOf(asString(name.value), leaf.node)) members.set(one.name, one);
      }
      for (const one of ['protocol', 'from_port', 'to_port']) {
        const own = value.get(one);
        if (own) members.set(one, own);
      }
      const own = value.get(cidrs);
      const common = call.properties.get(shared);
      if (own) members.set(cidrs, { ...own, value: splitCidrs(own.value) });
      else if (common) members.set(cidrs, { ...common, name: cidrs });
      return [under(leaf.conditions.slice(call.conditions.length), block(value.node, members))];
    });
  });
}

/** The rules for incoming traffic, as blocks of `aws_security_group`. */
export function ingressOf(call: Resource): Value {
  const items = [...namedRules(call), ...mappedRules(call)];
  return { kind: 'list', node: call.properties.node, items, open: 'the module may add rules' };
}

/** Whether a CIDR stands in a list of its own, where it can be taken out. */
export function isListed(node: Node): boolean {
  const list = node.parent;
  return list?.kind === 'array' && CIDRS.some(([argument]) => list.entry?.name === argument);
}
