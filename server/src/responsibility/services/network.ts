/** Who does what in networks and at their edge: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';
import { FIREWALLS } from './firewalls.ts';

export const NETWORK = {
  vpc: {
    name: 'Amazon VPC',
    kind: 'infrastructure',
    types: [
      'EC2::InstanceConnectEndpoint',
      'EC2::',
      'vpc',
      'security_group',
      'network_acl',
      'network_interface',
      'subnet',
      'route',
      'flow_log',
      'internet_gateway',
      'egress_only_internet_gateway',
      'nat_gateway',
      'prefix_list',
      'main_route_table_association',
      'default_vpc',
      'default_subnet',
      'default_route_table',
      'default_security_group',
      'default_network_acl',
      'ec2_transit_gateway',
      'ec2_managed_prefix_list',
      'ec2_instance_connect_endpoint',
      'ec2_subnet_cidr_reservation',
      'ec2_network_insights_',
      'ec2_traffic_mirror_',
    ],
    aws: 'the physical network, and the logical isolation of each virtual network from all others.',
    customer:
      'which subnets are public, routes, security groups, network ACLs, endpoints and their policies, flow logs, links to other networks.',
    shared: [
      CONFIGURATION,
      {
        control: 'Availability',
        aws: 'runs separate Availability Zones',
        customer: 'spread subnets and gateways over them',
      },
    ],
    situations: [
      {
        label: 'as a regional NAT gateway',
        kind: 'managed',
        when: [
          { types: ['AWS::EC2::NatGateway'], path: 'AvailabilityMode', values: ['regional'] },
          { types: ['aws_nat_gateway'], path: 'availability_mode', values: ['regional'] },
        ],
        aws: 'the gateway itself and its route table; in automatic mode also its addresses and its reach into each zone with workloads.',
        customer:
          'the routes that lead to it, flow logs, and in manual mode its addresses and zones; no security group applies to it.',
        shared: [
          {
            control: 'Availability',
            aws: 'follows workloads into new zones, which may take an hour',
            customer: 'add the zones where you chose manual mode',
          },
        ],
        sources: [
          page(
            'Regional NAT gateways for automatic multi-AZ expansion',
            'vpc/latest/userguide/nat-gateways-regional.html',
          ),
        ],
      },
      {
        label: 'as a NAT gateway',
        kind: 'managed',
        when: [{ types: ['AWS::EC2::NatGateway', 'aws_nat_gateway'] }],
        aws: 'the gateway itself: its software, its maintenance and its redundancy within an Availability Zone.',
        customer:
          'a gateway in each Availability Zone, the routes that lead to it, the network ACL of its subnet, flow logs; no security group applies to it.',
        shared: [
          {
            control: 'Availability',
            aws: 'keeps the gateway redundant within its zone',
            customer: 'place one in each zone',
          },
        ],
        sources: [page('Compare NAT gateways and NAT instances', 'vpc/latest/userguide/vpc-nat-comparison.html')],
      },
    ],
    sources: [
      page('Infrastructure security in Amazon VPC', 'vpc/latest/userguide/infrastructure-security.html'),
      page('Security best practices for your VPC', 'vpc/latest/userguide/vpc-security-best-practices.html'),
    ],
  },
  sitetositevpn: {
    name: 'AWS Site-to-Site VPN',
    kind: 'managed',
    types: ['EC2::VPN', 'EC2::CustomerGateway', 'vpn_', 'customer_gateway'],
    aws: 'the gateway on the AWS side with two tunnel endpoints, which it updates and replaces.',
    customer:
      'the gateway device on your side with its software and configuration, tunnel options and keys, routes, the use of both tunnels.',
    shared: [
      {
        control: 'Availability',
        aws: 'offers two tunnels for each connection',
        customer: 'keep both up, as an update may interrupt one',
      },
      CONFIGURATION,
    ],
    movers: [
      {
        concern: 'the time of tunnel updates',
        from: 'aws',
        to: 'shared',
        when: [
          {
            types: ['AWS::EC2::VPNConnection'],
            path: 'VpnTunnelOptionsSpecifications[].EnableTunnelLifecycleControl',
            values: ['true'],
          },
          { types: ['aws_vpn_connection'], path: 'tunnel1_enable_tunnel_lifecycle_control', values: ['true'] },
          { types: ['aws_vpn_connection'], path: 'tunnel2_enable_tunnel_lifecycle_control', values: ['true'] },
        ],
        text: 'AWS announces updates of the tunnel endpoint and, urgent ones aside, applies them by itself only after a given date.',
        rule: {
          id: 'moves-vpn-tunnel-updates',
          title: 'Tunnel updates wait for your consent',
          message: 'Tunnel endpoint updates are now yours to accept; AWS applies them itself only after a given date',
          description:
            'With lifecycle control you choose when AWS replaces a tunnel endpoint, up to a date that AWS sets; urgent updates may still come at once. Someone has to watch AWS Health and accept them. It fits connections that live on a single tunnel; where both tunnels are in use, leave the updates to AWS.',
          back: {
            set: false,
            safe: false,
            note: 'the tunnel may be down while its options change',
          },
        },
        sources: [
          page(
            'AWS Site-to-Site VPN tunnel endpoint lifecycle control',
            'vpn/latest/s2svpn/tunnel-endpoint-lifecycle.html',
          ),
        ],
      },
    ],
    sources: [
      page('How AWS Site-to-Site VPN works', 'vpn/latest/s2svpn/how_it_works.html'),
      page('AWS Site-to-Site VPN tunnel endpoint replacements', 'vpn/latest/s2svpn/endpoint-replacements.html'),
    ],
  },
  clientvpn: {
    name: 'AWS Client VPN',
    kind: 'managed',
    types: ['EC2::ClientVpn', 'ec2_client_vpn_'],
    aws: 'the endpoint at which VPN sessions end, run as a fully managed service.',
    customer:
      'how users authenticate, authorization rules, routes, security groups, connection logs, the client software and the configuration that you hand out.',
    shared: [CONFIGURATION],
    sources: [page('How AWS Client VPN works', 'vpn/latest/clientvpn-admin/how-it-works.html')],
  },
  elb: {
    name: 'Elastic Load Balancing',
    kind: 'managed',
    types: [
      'ElasticLoadBalancing::',
      'ElasticLoadBalancingV2::',
      'lb',
      'alb',
      'elb',
      'load_balancer_',
      'app_cookie_stickiness_policy',
      'proxy_protocol_policy',
    ],
    aws: 'the load balancer nodes and their software, the predefined TLS policies, protection of the service’s network.',
    customer:
      'internet-facing or internal, listeners, TLS policy and certificate, security groups, access logs, the firewall in front, the targets.',
    shared: [
      {
        control: 'Configuration',
        aws: 'publishes TLS policies',
        customer: 'choose one, and a listener that uses it',
      },
    ],
    sources: [
      page(
        'Infrastructure security in Elastic Load Balancing',
        'elasticloadbalancing/latest/userguide/infrastructure-security.html',
      ),
      page('Data protection in Elastic Load Balancing', 'elasticloadbalancing/latest/userguide/data-protection.html'),
    ],
  },
  apigateway: {
    name: 'Amazon API Gateway',
    kind: 'abstracted',
    types: [
      'ApiGateway::',
      'ApiGatewayV2::',
      'Serverless::Api',
      'Serverless::HttpApi',
      'api_gateway_',
      'apigatewayv2_',
    ],
    aws: 'the managed endpoints, which speak HTTPS only, and the certificate of the default execute-api name.',
    customer:
      'authorisers and resource policy, access and execution logs, alarms, encryption of a cache, custom domains with their certificate and TLS policy.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'with a custom domain',
        when: [
          {
            types: [
              'AWS::ApiGateway::DomainName',
              'AWS::ApiGatewayV2::DomainName',
              'aws_api_gateway_domain_name',
              'aws_apigatewayv2_domain_name',
            ],
          },
        ],
        aws: 'the endpoint behind the name, and the TLS versions that can be chosen.',
        customer: 'the name and its certificate, and the lowest TLS version that clients may use.',
        shared: [{ control: 'Configuration', aws: 'publishes TLS policies', customer: 'choose one for the domain' }],
      },
    ],
    sources: [
      page('Data encryption in Amazon API Gateway', 'apigateway/latest/developerguide/data-protection-encryption.html'),
      page(
        'Security best practices in Amazon API Gateway',
        'apigateway/latest/developerguide/security-best-practices.html',
      ),
    ],
  },
  cloudfront: {
    name: 'Amazon CloudFront',
    kind: 'abstracted',
    types: ['CloudFront::', 'cloudfront_'],
    aws: 'the edge locations and Regional caches, and the encryption of function code at rest and on its way there.',
    customer:
      'HTTPS from viewers and to origins, the security of the origin and that only CloudFront reaches it, signed URLs, geography, logs, the firewall in front.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Data protection in Amazon CloudFront',
        'AmazonCloudFront/latest/DeveloperGuide/data-protection-summary.html',
      ),
    ],
  },
  route53: {
    name: 'Amazon Route 53',
    kind: 'abstracted',
    types: ['Route53::', 'Route53Resolver::', 'Route53Profiles::', 'route53_', 'route53domains_', 'route53profiles_'],
    aws: 'the infrastructure that answers DNS queries and runs health checks, and renewing domains unless told otherwise.',
    customer:
      'records, and that none points at what is gone; DNSSEC and its key-signing key, query logs, resolver rules and endpoints, keeping domains registered.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'with DNSSEC signing',
        when: [
          {
            types: [
              'AWS::Route53::DNSSEC',
              'AWS::Route53::KeySigningKey',
              'aws_route53_hosted_zone_dnssec',
              'aws_route53_key_signing_key',
            ],
          },
        ],
        aws: 'signing every answer of the zone, and managing the zone-signing key that does it.',
        customer: 'the key-signing key and the KMS key under it, its rotation, the DS record in the parent zone.',
        shared: [
          {
            control: 'Keys',
            aws: 'manages the zone-signing key',
            customer: 'manage the key-signing key',
          },
        ],
        sources: [
          page(
            'Configuring DNSSEC signing in Amazon Route 53',
            'Route53/latest/DeveloperGuide/dns-configuring-dnssec.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'renewal of the domain',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['aws_route53domains_registered_domain', 'aws_route53domains_domain'],
            path: 'auto_renew',
            values: ['false'],
          },
        ],
        text: 'Route 53 renews a registered domain each period by default; with renewal off you have to do it in time.',
        rule: {
          id: 'moves-route53-domain-renewal',
          title: 'Domain is not renewed automatically',
          message: 'Automatic renewal is off: keeping the domain registered moves from Route 53 to you',
          description:
            'An expired domain stops resolving, and after a while anyone may register it and receive its traffic and mail. Route 53 renews domains by itself unless told otherwise. Turn it off only for a domain that you mean to give up.',
          back: { set: true, safe: false, note: 'each renewal is charged' },
        },
        sources: [page('Renewing registration for a domain', 'Route53/latest/DeveloperGuide/domain-renew.html')],
      },
    ],
    sources: [
      page('Renewing registration for a domain', 'Route53/latest/DeveloperGuide/domain-renew.html'),
      page(
        'Configuring DNSSEC signing in Amazon Route 53',
        'Route53/latest/DeveloperGuide/dns-configuring-dnssec.html',
      ),
    ],
  },
  globalaccelerator: {
    name: 'AWS Global Accelerator',
    kind: 'abstracted',
    types: ['GlobalAccelerator::', 'globalaccelerator_'],
    aws: 'the edge infrastructure that takes the traffic in, guarded by the global network security of AWS.',
    customer:
      'listeners and ports, which endpoints are exposed and how they are secured, permissions, logging and monitoring.',
    shared: [CONFIGURATION],
    sources: [
      page('Security in AWS Global Accelerator', 'global-accelerator/latest/dg/security.html'),
      page(
        'Infrastructure security in AWS Global Accelerator',
        'global-accelerator/latest/dg/infrastructure-security.html',
      ),
    ],
  },
  networkmanager: {
    name: 'AWS Cloud WAN and Network Manager',
    kind: 'managed',
    types: ['NetworkManager::', 'networkmanager_'],
    aws: 'the core network: its Regional connection points, their redundant peering, and carrying out its policy.',
    customer:
      'the policy with its segments and routing, who may attach what, with whom the network is shared, the sites and devices on your side.',
    shared: [CONFIGURATION],
    sources: [page('What is AWS Cloud WAN?', 'network-manager/latest/cloudwan/what-is-cloudwan.html')],
  },
  vpclattice: {
    name: 'Amazon VPC Lattice',
    kind: 'abstracted',
    types: ['VpcLattice::', 'vpclattice_'],
    aws: 'the control and data planes, and the TLS versions and ciphers that they use, which cannot be configured.',
    customer:
      'which networks are associated, auth policies, security groups, HTTPS listeners and certificates, sharing with other accounts, access logs.',
    shared: [CONFIGURATION],
    sources: [
      page('Manage access to VPC Lattice services', 'vpc-lattice/latest/ug/access-management-overview.html'),
      page('Data protection in Amazon VPC Lattice', 'vpc-lattice/latest/ug/data-protection.html'),
    ],
  },
  ...FIREWALLS,
} satisfies Record<string, ServiceResponsibility>;
