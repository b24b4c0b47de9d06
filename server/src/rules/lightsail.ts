/** Amazon Lightsail: public buckets, and ports that instances open to the internet. */

import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { isWorld, parseCidr } from './cidr.ts';
import { set } from './fixes.ts';
import { isFalse, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Reporter, Rule } from './rule.ts';
import { has, known } from './shared.ts';

const BUCKET = 'AWS::Lightsail::Bucket';

interface Names {
  readonly block: string;
  readonly cidrs: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
}

const PORTS: Readonly<Record<string, Names>> = {
  'AWS::Lightsail::Instance': {
    block: 'Networking.Ports[]',
    cidrs: ['Cidrs[]', 'Ipv6Cidrs[]'],
    from: 'FromPort',
    to: 'ToPort',
    protocol: 'Protocol',
  },
  aws_lightsail_instance_public_ports: {
    block: 'port_info[]',
    cidrs: ['cidrs[]', 'ipv6_cidrs[]'],
    from: 'from_port',
    to: 'to_port',
    protocol: 'protocol',
  },
};

/** Ports that a website has open. */
const WEB = [80, 443];
/** Ports to administer a machine by. */
const ADMIN = [22, 3389];

function only(found: readonly Found[]): Found | undefined {
  return found.length === 1 ? found[0] : undefined;
}

function checkPorts(resource: Resource, reporter: Reporter): void {
  const names = PORTS[resource.type];
  if (!names) return;
  for (const block of select(resource, names.block)) {
    if (block.value.kind !== 'object') continue;
    const protocol = asString(only(below(block, names.protocol))?.value ?? block.value)?.toLowerCase();
    const from = asNumber(only(below(block, names.from))?.value ?? block.value);
    const to = asNumber(only(below(block, names.to))?.value ?? block.value) ?? from;
    const opens = (port: number) =>
      protocol === 'all' || (from !== undefined && to !== undefined && from <= port && port <= to);
    if (protocol?.startsWith('icmp') || (protocol !== 'all' && (from === undefined || to === undefined))) continue;
    if (from === to && from !== undefined && protocol !== 'all' && WEB.includes(from)) continue;
    for (const path of names.cidrs) {
      for (const cidr of below(block, path)) {
        const network = parseCidr(asString(cidr.value) ?? '');
        if (!network || !isWorld(network)) continue;
        const what = protocol === 'all' ? 'Every port is' : from === to ? `Port ${from} is` : `Ports ${from}-${to} are`;
        reporter.reportFound(cidr, {
          variant: ADMIN.some(opens) ? 'admin' : 'port',
          message: `${what} open to ${asString(cidr.value)}`,
        });
      }
    }
  }
}

/** Objects that were made public one by one are closed with the bucket. */
const makePrivate: FixMaker = (found) =>
  set('private', {
    safe: false,
    note: 'links to its objects stop working',
    also: has(found.resource, 'AccessRules.AllowPublicOverrides') === false ? {} : { AllowPublicOverrides: false },
  })(found);

export const LIGHTSAIL_RULES: readonly Rule[] = [
  {
    id: 'lightsail-bucket-public',
    title: 'Lightsail bucket is public',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps the objects of a bucket and the ports of an instance to whom you open them; opening them to all is your setting.',
    },
    description:
      'Everyone on the internet can read every object of a public bucket, and can knock at a port that is open to all. Make the bucket private and share single objects by a signed URL; open ports other than those of a website to the networks you work from.',
    aliases: [],
    variants: {
      overrides: { severity: 'medium', message: 'Single objects of the bucket can be made public' },
      admin: { severity: 'high' },
      port: { severity: 'medium' },
    },
    references: [
      aws(
        'AWS::Lightsail::Bucket AccessRules',
        'AWSCloudFormation/latest/UserGuide/aws-properties-lightsail-bucket-accessrules.html',
      ),
      aws('PortInfo', 'lightsail/2016-11-28/api-reference/API_PortInfo.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: BUCKET, path: 'AccessRules.GetObject' }],
        must: noneOf('public'),
        absent: true,
        message: 'Everyone can read every object of this bucket',
        fix: makePrivate,
      },
      {
        kind: 'property',
        targets: [
          {
            type: BUCKET,
            path: 'AccessRules.AllowPublicOverrides',
            where: (bucket) => known(bucket, 'AccessRules.GetObject') !== 'public',
          },
        ],
        must: otherwise(isFalse, 'overrides'),
        absent: true,
        fix: set(false, { safe: false, note: 'objects that were made public no longer are' }),
      },
      { kind: 'resource', types: Object.keys(PORTS), check: checkPorts },
    ],
  },
];
