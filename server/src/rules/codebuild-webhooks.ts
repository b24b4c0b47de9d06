/** AWS CodeBuild: whose pull requests a webhook builds. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Reporter, Rule } from './rule.ts';

const PROJECT = 'AWS::CodeBuild::Project';
const TF_WEBHOOK = 'aws_codebuild_webhook';

/** Events that bring the code of whoever opened the pull request. A merge was somebody's decision. */
const FOREIGN_CODE = /\bPULL_REQUEST_(?:CREATED|UPDATED|REOPENED|CLOSED)\b/;

const WAITS = 'pull requests from forks wait for a comment';

/** A filter group that builds pull requests. */
interface Group {
  /** The pattern of its events. */
  readonly events: Found;
  /** Patterns of accounts that it builds for; empty where it builds for all. */
  readonly actors: readonly Found[];
}

/** The groups of a webhook that certainly build pull requests. Those that are not known in full are left out. */
function pullRequestGroups(resource: Resource): readonly Group[] {
  const cloudFormation = resource.type === PROJECT;
  const [groups, filters] = cloudFormation ? ['Triggers.FilterGroups[]', '[]'] : ['filter_group[]', 'filter[]'];
  const names = cloudFormation
    ? { type: 'Type', pattern: 'Pattern', exclude: 'ExcludeMatchedPattern' }
    : { type: 'type', pattern: 'pattern', exclude: 'exclude_matched_pattern' };
  const result: Group[] = [];
  for (const group of select(resource, groups)) {
    let events: Found | undefined;
    const actors: Found[] = [];
    let isKnown = group.value.kind === 'list' || group.value.kind === 'object';
    for (const filter of isKnown ? below(group, filters) : []) {
      const [type, ...otherTypes] = below(filter, names.type);
      const [pattern, ...otherPatterns] = below(filter, names.pattern);
      const excludes = below(filter, names.exclude);
      const what = type && asString(type.value);
      if (
        filter.value.kind !== 'object' ||
        what === undefined ||
        otherTypes.length ||
        !pattern ||
        otherPatterns.length
      ) {
        isKnown = false;
        break;
      }
      const excluded = excludes.some(({ value }) => value.kind !== 'absent' && asBoolean(value) !== false);
      if (what === 'EVENT') {
        if (FOREIGN_CODE.test(asString(pattern.value) ?? '')) events = pattern;
      } else if (what === 'ACTOR_ACCOUNT_ID') {
        // Excluding some lets in all others.
        const lists = excludes.every(({ value }) => value.kind === 'absent' || asBoolean(value) === false);
        if (lists) actors.push(pattern);
        else if (!excluded || excludes.some(({ value }) => asBoolean(value) === undefined)) isKnown = false;
      }
    }
    if (isKnown && events) result.push({ events, actors });
  }
  return result;
}

/** Alternatives outside of brackets: `12|34`. */
function alternatives(pattern: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of pattern) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    if (character === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** Whether a pattern matches whole account ids only: `12` also matches account 5123. */
function isAnchored(pattern: string): boolean {
  return alternatives(pattern.trim()).every((one) => one.startsWith('^') && one.endsWith('$'));
}

/** `12|34` becomes `^(12|34)$`; other patterns are the author's to mend. */
const anchor: FixMaker = (found) => {
  const pattern = asString(found.value)?.trim() ?? '';
  if (!/^\d+(?:\|\d+)*$/.test(pattern)) return undefined;
  const anchored = pattern.includes('|') ? `^(${pattern})$` : `^${pattern}$`;
  return set(anchored, { title: `Match whole account ids: ${anchored}` })(found);
};

function checkWebhook(resource: Resource, reporter: Reporter): void {
  const cloudFormation = resource.type === PROJECT;
  if (cloudFormation && !select(resource, 'Triggers.Webhook').every((one) => isTrue(one.value, one) === true)) return;
  const approvals = select(
    resource,
    cloudFormation
      ? 'Triggers.PullRequestBuildPolicy.RequiresCommentApproval'
      : 'pull_request_build_policy.requires_comment_approval',
  );
  const groups = pullRequestGroups(resource);
  const open = groups.filter(({ actors }) => !actors.length);
  for (const approval of approvals) {
    const unsaid = approval.value.kind === 'absent';
    const isAsked = unsaid ? undefined : noneOf('DISABLED')(approval.value, approval);
    if (open.length && isAsked === false) {
      reporter.reportFound(approval, {
        related: open.map(({ events }) => ({
          node: events.node,
          message: 'Builds pull requests of everyone',
          resource,
        })),
        fix: () => set('FORK_PULL_REQUESTS', { note: WAITS })(approval),
      });
    }
    for (const { events } of unsaid ? open : []) {
      reporter.reportFound(events, {
        variant: 'unsaid',
        conditions: approval.conditions.length > events.conditions.length ? approval.conditions : events.conditions,
        // Providers before 6.13 do not know the block.
        fix: () => set('FORK_PULL_REQUESTS', { safe: cloudFormation, note: WAITS })(approval),
      });
    }
  }
  for (const { actors } of groups) {
    const judged = actors.map((found) => ({ found, pattern: asString(found.value) }));
    if (judged.some(({ pattern }) => pattern === undefined || isAnchored(pattern))) continue;
    const isAsked = approvals.every(
      (one) => one.value.kind !== 'absent' && noneOf('DISABLED')(one.value, one) === true,
    );
    for (const { found } of judged) {
      reporter.reportFound(found, {
        variant: 'unanchored',
        severity: isAsked ? 'low' : undefined,
        fix: () => anchor(found),
      });
    }
  }
}

export const CODEBUILD_WEBHOOK_RULE: Rule = {
  id: 'codebuild-webhook-unfiltered',
  title: 'Pull requests of everyone are built',
  category: 'iam',
  severity: 'high',
  tier: 'core',
  owner: {
    side: 'customer',
    why: 'CodeBuild runs what the repository sends it with the role of your project; whose changes it builds is your setting.',
  },
  description:
    'A pull request brings its own build script, and the build runs it with the project’s role, secrets and access to the repository. In a public repository anyone can open one, and a filter on branches does not tell who did. Let builds of forks wait for a comment of a maintainer, or list the accounts that you build for with `ACTOR_ACCOUNT_ID`, each as `^id$`.',
  aws: awsDefaults('codebuild-pull-requests'),
  aliases: [],
  variants: {
    unsaid: {
      severity: 'info',
      message:
        'Pull requests are built whoever opens them; only the comment approval that newer webhooks ask for by default stands before that',
    },
    unanchored: {
      severity: 'medium',
      message: 'The pattern also matches longer account ids that contain it: write it between ^ and $',
    },
  },
  references: [
    aws('Use webhooks with AWS CodeBuild', 'codebuild/latest/userguide/webhooks.html'),
    aws('Pull request comment approval', 'codebuild/latest/userguide/pull-request-build-policy.html'),
  ],
  checks: [{ kind: 'resource', types: [PROJECT, TF_WEBHOOK], check: checkWebhook }],
};
