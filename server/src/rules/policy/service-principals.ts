/**
 * How AWS writes the names of services as principals: `lambda.amazonaws.com`, in some Regions with the Region, and under a
 * few domains of their own. Source: IAM user guide, "AWS JSON policy elements: Principal", on service principals.
 */

import { serviceExists } from '../../iam/actions.ts';

/** Domains of service principals: of all partitions, of Alexa, and of services that call from inside AWS. */
const SUFFIXES: readonly string[] = [
  '.amazonaws.com',
  '.amazonaws.com.cn',
  '.amazonaws.eu',
  '.amazon.com',
  '.aws.internal',
  '.c2s.ic.gov',
  '.sc2s.sgov.gov',
  '.cloud.adc-e.uk',
  '.csp.hci.ic.gov',
];
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** What is wrong with the name of a service principal, and how it is written right where that is certain. */
export interface ServicePrincipalFault {
  readonly message: string;
  readonly right: string | undefined;
}

function isWellFormed(text: string): boolean {
  const suffix = SUFFIXES.find((one) => text.endsWith(one));
  return suffix !== undefined && LABELS.test(text.slice(0, -suffix.length));
}

/** Judges a name that is known in full and has no wildcard; undefined where its form is right. */
export function servicePrincipalFault(text: string): ServicePrincipalFault | undefined {
  if (isWellFormed(text)) return undefined;
  const lower = text.trim().toLowerCase();
  if (isWellFormed(lower)) {
    return {
      message:
        lower === text.toLowerCase()
          ? 'Service principals are in lower case'
          : `${JSON.stringify(text)} has blanks around the service principal`,
      right: lower,
    };
  }
  const message = `${JSON.stringify(text)} is no service principal: those have the form service.amazonaws.com`;
  return { message, right: serviceExists(lower) === true ? `${lower}.amazonaws.com` : undefined };
}
