/** Amazon OpenSearch Service: what its rule files share. */

import { ownersOf } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber } from '../template/value.ts';
import { isOn, known, lacks } from './shared.ts';

export const DOMAIN = 'AWS::OpenSearchService::Domain';
/** The name from before the service was renamed; most properties are the same. */
const OLD_DOMAIN = 'AWS::Elasticsearch::Domain';
export const TF_DOMAIN = 'aws_opensearch_domain';
const TF_OLD_DOMAIN = 'aws_elasticsearch_domain';
export const DOMAINS: readonly string[] = [DOMAIN, OLD_DOMAIN];
export const TF_DOMAINS: readonly string[] = [TF_DOMAIN, TF_OLD_DOMAIN];

/** Resources that hold the access policy of a domain, and the type of that. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_opensearch_domain_policy: TF_DOMAIN,
  aws_elasticsearch_domain_policy: TF_OLD_DOMAIN,
};

/** The domains of this template that an access policy is for: the resource itself, or those that it names. */
export function domainsOf(carrier: Resource): readonly Resource[] {
  const type = POLICIES[carrier.type];
  return type === undefined ? [carrier] : ownersOf(carrier, 'domain_name', type);
}

/** Where a domain says of what nodes it consists. */
export function clusterBlock(domain: Resource): string {
  if (domain.type === DOMAIN) return 'ClusterConfig';
  return domain.type === OLD_DOMAIN ? 'ElasticsearchClusterConfig' : 'cluster_config';
}

/** Whether the template says that a domain has more than one node; false where that is not known. */
export function hasSeveralNodes(domain: Resource): boolean {
  const block = clusterBlock(domain);
  const [count, masters, zones] = domain.type.startsWith('AWS::')
    ? ['InstanceCount', 'DedicatedMasterEnabled', 'ZoneAwarenessEnabled']
    : ['instance_count', 'dedicated_master_enabled', 'zone_awareness_enabled'];
  return (
    select(domain, `${block}.${count}`).some(({ value }) => (asNumber(value) ?? 1) > 1) ||
    isOn(domain, `${block}.${masters}`) === true ||
    isOn(domain, `${block}.${zones}`) === true
  );
}

/** Elasticsearch 1.5 is what the old type runs where it names no version. */
const DEFAULT_VERSION = '1.5';

/**
 * The Elasticsearch version of a domain where it is known to be below another one, both as `6.7`; undefined for OpenSearch.
 * Source of the default: AWS::Elasticsearch::Domain, ElasticsearchVersion.
 */
export function versionBelow(domain: Resource, least: string): string | undefined {
  const property = VERSIONS[domain.type];
  if (property === undefined) return undefined;
  const isUnsaid = isElasticsearch(domain) && lacks(domain, property) === true;
  const text = isUnsaid ? DEFAULT_VERSION : known(domain, property);
  const version = (isElasticsearch(domain) ? /^\d{1,2}\.\d{1,2}$/ : /^Elasticsearch_(\d{1,2}\.\d{1,2})$/).exec(
    text ?? '',
  );
  const [major = 0, minor = 0] = (version?.[1] ?? version?.[0] ?? '').split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  const isBelow = version && (major < leastMajor || (major === leastMajor && minor < leastMinor));
  return isBelow ? `${major}.${minor}` : undefined;
}

const VERSIONS: Readonly<Record<string, string>> = {
  [DOMAIN]: 'EngineVersion',
  [OLD_DOMAIN]: 'ElasticsearchVersion',
  [TF_DOMAIN]: 'engine_version',
  [TF_OLD_DOMAIN]: 'elasticsearch_version',
};

/** Whether a domain is of the type from before the service was renamed, which runs Elasticsearch only. */
export function isElasticsearch({ type }: Resource): boolean {
  return type === OLD_DOMAIN || type === TF_OLD_DOMAIN;
}

/** Whether a domain asks each user who they are, beyond its access policy. */
export function hasFineGrainedAccess(domain: Resource): boolean | undefined {
  return isOn(
    domain,
    domain.type.startsWith('AWS::') ? 'AdvancedSecurityOptions.Enabled' : 'advanced_security_options.enabled',
  );
}
