/** Routes: where the traffic that is not local goes. */

import { inSameModule } from '../template/module-path.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Leaf, Value } from '../template/value.ts';
import { isWorld } from './cidr.ts';
import type { Fix } from './fix.ts';
import { isRepeated, nameOf, setEdits, terraformReference } from './fixes.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';
import { cidrOf } from './security-group-exposure.ts';
import { isInternetGateway } from './subnets.ts';

interface Shape {
  /** Where the routes are blocks of a table. */
  readonly block?: string;
  readonly to: readonly string[];
  readonly peering: string;
  readonly gateway: string;
  readonly instance: string;
}

const TARGETS = { peering: 'vpc_peering_connection_id', gateway: 'gateway_id', instance: 'instance_id' };
const BLOCK: Shape = { ...TARGETS, block: 'route[]', to: ['cidr_block', 'ipv6_cidr_block'] };
const ROUTES: Readonly<Record<string, Shape>> = {
  'AWS::EC2::Route': {
    to: ['DestinationCidrBlock', 'DestinationIpv6CidrBlock'],
    peering: 'VpcPeeringConnectionId',
    gateway: 'GatewayId',
    instance: 'InstanceId',
  },
  aws_route: { ...TARGETS, to: ['destination_cidr_block', 'destination_ipv6_cidr_block'] },
  aws_route_table: BLOCK,
  aws_default_route_table: BLOCK,
};

/** Reports the destination of each default route whose target of that sort passes the test. */
function defaultRoute(
  target: 'peering' | 'gateway' | 'instance',
  test: (value: Value, resource: Resource) => boolean,
  fix?: (found: Found, target: Value) => Fix | undefined,
): Rule['checks'] {
  const check = (resource: Resource, reporter: Reporter) => {
    const shape = ROUTES[resource.type];
    if (!shape) return;
    const blocks = shape.block ? select(resource, shape.block).filter((one) => one.value.kind === 'object') : undefined;
    const at = (path: string): readonly Found[] =>
      blocks ? blocks.flatMap((one) => below(one, path)) : select(resource, path);
    for (const found of shape.to.flatMap(at)) {
      const cidr = cidrOf(found);
      const value = found.scopes[found.scopes.length - 1]?.get(shape[target])?.value;
      if (cidr && isWorld(cidr) && value && test(value, resource)) {
        reporter.reportFound(found, { fix: fix && (() => fix(found, value)) });
      }
    }
  };
  return [{ kind: 'resource', types: Object.keys(ROUTES), check }];
}

/** Set to something: a reference or a text that is not empty. */
function isSet(value: Value): boolean {
  const { kind } = value as Leaf;
  return (
    kind === 'reference' || kind === 'text' || (kind === 'known' && String((value as { value: unknown }).value) !== '')
  );
}

/** An internet gateway, or in CloudFormation a Ref to nothing: the gateway is not written yet. */
function isInternet(value: Value, { template }: Resource): boolean {
  if (value.kind !== 'unknown') return isInternetGateway(value, template);
  return value.parameter === undefined && template.dialect === 'cloudformation' && value.node.kind !== 'missing';
}

const PEERINGS: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::VPCPeeringConnection': ['VpcId', 'PeerVpcId'],
  aws_vpc_peering_connection: ['vpc_id', 'peer_vpc_id'],
};

/** The resource of one of these types that a property of a resource refers to. */
function referred(resource: Resource, path: string, ...types: readonly string[]): Resource | undefined {
  const [leaf, ...more] = select(resource, path);
  const value = leaf?.value;
  const target = value?.kind === 'reference' && !more.length ? resource.template.resource(value.target) : undefined;
  return target && types.includes(target.type) ? target : undefined;
}

/** The VPC whose route table a route is in. */
function vpcOf(route: Resource): Resource | undefined {
  const isCfn = route.type.startsWith('AWS::');
  const table = isCfn
    ? referred(route, 'RouteTableId', 'AWS::EC2::RouteTable')
    : route.type === 'aws_route_table'
      ? route
      : referred(route, 'route_table_id', 'aws_route_table');
  return table && referred(table, isCfn ? 'VpcId' : 'vpc_id', 'AWS::EC2::VPC', 'aws_vpc');
}

/** Sends only what is for the peer to it, where its VPC is in the template. */
function toPeer(found: Found, target: Value): Fix | undefined {
  const { resource, via } = found;
  const connection = target.kind === 'reference' ? resource.template.resource(target.target) : undefined;
  const ends = PEERINGS[connection?.type ?? ''];
  const own = vpcOf(resource);
  if (!connection || !ends || !own || via.length || /ipv6/i.test(found.path)) return undefined;
  const vpcs = ends.map((end) => referred(connection, end, 'AWS::EC2::VPC', 'aws_vpc'));
  const [peer, ...others] = vpcs.includes(own) ? vpcs.filter((vpc) => vpc !== own) : [];
  if (!peer || others.length || isRepeated(peer) || !inSameModule(peer, resource)) return undefined;
  const range =
    resource.template.dialect === 'cloudformation'
      ? { 'Fn::GetAtt': [nameOf(peer), 'CidrBlock'] }
      : terraformReference(peer, 'cidr_block');
  const edits = setEdits(found, range);
  return edits && { title: `Route the network of ${peer.address} only (replaces the route)`, safe: false, edits };
}

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS sends traffic where the route table says; where that leads is your network design.',
};

export const ROUTE_RULES: readonly Rule[] = [
  {
    id: 'route-peering-world',
    title: 'All traffic is routed into a peered VPC',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'The default route sends everything that is not local to the peer, whose routes and filters then decide. A peering connection does not lead on to the internet, so nothing is gained. Route the CIDR of the peer only.',
    aliases: ['checkov:CKV2_AWS_44', 'kics:VPC Peering Route Table with Unrestricted CIDR'],
    references: [
      aws('Update your route tables for a VPC peering connection', 'vpc/latest/peering/vpc-peering-routing.html'),
    ],
    checks: defaultRoute('peering', isSet, toPeer),
  },
  {
    id: 'route-igw-world',
    title: 'Route table leads to the internet',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Every subnet with this route table is public: a public address is all that an instance in it needs to be reached. Send what only has to go out through a NAT gateway.',
    aliases: [
      'guard:NO_UNRESTRICTED_ROUTE_TO_IGW',
      'cdk-nag:VPCNoUnrestrictedRouteToIGW',
      'kics:RouterTable with Default Routing',
    ],
    references: [
      aws(
        'Enable internet access for a VPC using an internet gateway',
        'vpc/latest/userguide/VPC_Internet_Gateway.html',
      ),
    ],
    checks: defaultRoute('gateway', isInternet),
  },
  {
    id: 'route-nat-instance',
    title: 'Default route leads through an instance',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'One instance carries the traffic of the subnet: you patch it, and when it stops the subnet is cut off. AWS runs and scales a NAT gateway for you.',
    aliases: ['checkov:CKV2_AWS_35'],
    references: [aws('Compare NAT gateways and NAT instances', 'vpc/latest/userguide/vpc-nat-comparison.html')],
    checks: defaultRoute('instance', isSet),
  },
];
