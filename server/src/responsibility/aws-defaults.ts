/**
 * What AWS does where a template says nothing, with the date since when (only where a page names it) and the page that says so.
 * One store for rules and hovers: a rule names the facts it rests on, a hover finds them by resource type and property.
 */

import { COMPUTE_DEFAULTS } from './defaults/compute.ts';
import { DATA_DEFAULTS } from './defaults/data.ts';
import { DATABASES_DEFAULTS } from './defaults/databases.ts';
import { NETWORK_DEFAULTS } from './defaults/network.ts';
import { PLATFORM_DEFAULTS } from './defaults/platform.ts';
import { SECURITY_DEFAULTS } from './defaults/security.ts';
import { STORAGE_DEFAULTS } from './defaults/storage.ts';
import type { SettingTest } from './model.ts';

/** A dated default or behaviour of AWS, shown on AWS's side of the hover. */
export interface AwsFact {
  /** One or two sentences, in the present tense. */
  readonly text: string;
  /** `2023-01-05` or `2023-04`: only where confirmed. */
  readonly since?: string;
  /** What Terraform's provider does instead where the configuration says nothing. */
  readonly terraform?: string;
  /** Title of the page that says so. */
  readonly source: string;
}

export interface AwsDefault extends AwsFact {
  /** Resource types it speaks of, in both languages. */
  readonly types: readonly string[];
  /** Properties it speaks of, as written in each language (`BucketEncryption.ServerSideEncryptionConfiguration`, without `[]`); none: the resource as a whole. */
  readonly paths: readonly string[];
  /** AWS does the job by itself: the fact belongs on AWS's side of a resource that says nothing. Left out: the default leaves the job to the customer. */
  readonly done?: true;
  /** Forms of a resource that it is not true of: where one may hold, it is not said. */
  readonly except?: readonly SettingTest[];
}

const STORE = {
  ...COMPUTE_DEFAULTS,
  ...DATA_DEFAULTS,
  ...DATABASES_DEFAULTS,
  ...NETWORK_DEFAULTS,
  ...PLATFORM_DEFAULTS,
  ...SECURITY_DEFAULTS,
  ...STORAGE_DEFAULTS,
};

export type AwsDefaultId = keyof typeof STORE;

/** Every fact by its id. */
export const AWS_DEFAULTS: Readonly<Record<AwsDefaultId, AwsDefault>> = STORE;

/** The facts of these ids, for a rule to rest on. */
export function awsDefaults(...ids: AwsDefaultId[]): readonly AwsFact[] {
  return ids.map((id) => AWS_DEFAULTS[id]);
}

/** A fact in one line, without its source. */
export function factText({ text, terraform, since }: AwsFact): string {
  return `${text}${terraform ? ` In Terraform: ${terraform}` : ''}${since ? ` (since ${since})` : ''}`;
}

const byType = new Map<string, AwsDefault[]>();
for (const fact of Object.values<AwsDefault>(STORE)) {
  for (const type of fact.types) {
    const list = byType.get(type);
    if (list) list.push(fact);
    else byType.set(type, [fact]);
  }
}

/**
 * What AWS does by default at a property of a resource, in the order of the store.
 * @param types the types a resource answers to
 * @param path names joined by dots, without list positions; undefined for all facts of the resource
 */
export function awsDefaultsOf(types: readonly string[], path?: string): readonly AwsDefault[] {
  const facts = [...new Set(types.flatMap((type) => byType.get(type) ?? []))];
  if (path === undefined) return facts;
  return facts.filter(({ paths }) => paths.some((one) => one === path || one.startsWith(`${path}.`)));
}
