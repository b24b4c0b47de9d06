/** Subnets and the way out of them: what rules on networks and on what stands in them ask. */

import { companions, declareCompanions, ownersOf } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { asBoolean, type Value } from '../template/value.ts';
import type { Related } from './rule.ts';

declareCompanions('AWS::EC2::Subnet', { 'AWS::EC2::SubnetRouteTableAssociation': 'SubnetId' });
declareCompanions('aws_subnet', { aws_route_table_association: 'subnet_id' });
declareCompanions('AWS::EC2::RouteTable', { 'AWS::EC2::Route': 'RouteTableId' });
declareCompanions('aws_route_table', { aws_route: 'route_table_id' });

/** Where each language says it. */
interface Names {
  readonly address: string;
  readonly association: string;
  readonly tableOf: string;
  readonly table: string;
  readonly route: string;
  readonly gateway: string;
  /** Gateways of routes written in the table itself. */
  readonly inline: string | undefined;
}

const CLOUDFORMATION: Names = {
  address: 'MapPublicIpOnLaunch',
  association: 'AWS::EC2::SubnetRouteTableAssociation',
  tableOf: 'RouteTableId',
  table: 'AWS::EC2::RouteTable',
  route: 'AWS::EC2::Route',
  gateway: 'GatewayId',
  inline: undefined,
};
const TERRAFORM: Names = {
  address: 'map_public_ip_on_launch',
  association: 'aws_route_table_association',
  tableOf: 'route_table_id',
  table: 'aws_route_table',
  route: 'aws_route',
  gateway: 'gateway_id',
  inline: 'route[].gateway_id',
};

function namesOf(subnet: Resource): Names {
  return subnet.type.startsWith('AWS::') ? CLOUDFORMATION : TERRAFORM;
}

/** Whether a route's gateway is certainly an internet (or carrier) gateway: no VPN gateway, no route inside the VPC. */
export function isInternetGateway(value: Value, template: Template): boolean {
  if (value.kind === 'known') return /^(igw|cagw)-/.test(String(value.value));
  if (value.kind !== 'reference') return false;
  const type = template.resource(value.target)?.type ?? value.target;
  return /internet_?gateway|carrier_?gateway/i.test(type) && !/egress/i.test(type);
}

/** What a subnet says of public addresses. */
export function subnetAddresses(subnet: Resource): readonly Found[] {
  return select(subnet, namesOf(subnet).address);
}

/** The setting that gives every instance of a subnet a public address. */
export function givesPublicAddresses(subnet: Resource): Related | undefined {
  const found = subnetAddresses(subnet).find((one) => asBoolean(one.value) === true);
  return found && { node: found.node, message: `${subnet.address} gives out public addresses`, resource: subnet };
}

/** The route that leads a subnet's traffic to an internet gateway: of its own, or written in its route table. */
export function internetRoute(subnet: Resource): Related | undefined {
  const names = namesOf(subnet);
  const tables = companions(subnet, names.association).sure.flatMap((one) => ownersOf(one, names.tableOf, names.table));
  for (const table of tables) {
    const gateways = [
      ...(names.inline ? select(table, names.inline) : []),
      ...companions(table, names.route).sure.flatMap((route) => select(route, names.gateway)),
    ];
    const way = gateways.find((one) => isInternetGateway(one.value, one.resource.template));
    if (way) return { node: way.node, message: `${subnet.address} is routed to the internet`, resource: way.resource };
  }
  return undefined;
}
