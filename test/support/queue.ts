/** The smallest template with a finding, for tests that are about something else. */

/** The only rule that it violates. */
export const RULE = 'sqs-encryption-disabled';
export const QUEUE = `Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;
