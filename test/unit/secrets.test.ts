/** Secrets in free text: what gives one away, and what only looks like one. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksRandom, secretInVariable, secretsInText } from '../../server/src/rules/secrets.ts';

const KEY_ID = `AKIA${'IOSFODNN7EXAMPLE'}`;
const SECRET_KEY = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`;

describe('secrets in text', () => {
  it('finds what a script exports, each once, with its place', () => {
    const text = [
      '#!/bin/bash',
      `export AWS_ACCESS_KEY_ID=${KEY_ID}`,
      `export AWS_SECRET_ACCESS_KEY="${SECRET_KEY}"`,
      'export DB_PASSWORD=aB3$%xyz99',
      'mysql -u app --password=Abc123xyz! db',
      'curl postgres://app:p4ssw0rd@db.internal/app',
      `echo "-----BEGIN RSA ${'PRIVATE'} KEY-----"`,
    ].join('\n');
    const found = secretsInText(text);
    assert.deepEqual(
      found.map(({ kind, start, end }) => [kind, text.slice(start, end)]),
      [
        ['access-key-id', KEY_ID],
        ['secret-access-key', SECRET_KEY],
        ['password', 'aB3$%xyz99'],
        ['password', 'Abc123xyz!'],
        ['url-password', 'p4ssw0rd'],
        ['private-key', `-----BEGIN RSA ${'PRIVATE'} KEY-----`],
      ],
    );
    assert.equal(found[2]?.name, 'DB_PASSWORD');
  });

  it('takes a key of forty characters for one only beside a key id or the word secret', () => {
    assert.deepEqual(secretsInText(`checksum ${SECRET_KEY}`), []);
    assert.deepEqual(
      secretsInText(`${KEY_ID}:${SECRET_KEY}`).map((one) => one.kind),
      ['access-key-id', 'secret-access-key'],
    );
    assert.deepEqual(secretsInText('secret commit 55e7e7703f17c41f276caf8f1a1b744d674259f8'), []);
  });

  it('leaves references, placeholders and what is not known alone', () => {
    for (const text of [
      'PASSWORD=$(aws secretsmanager get-secret-value --secret-id x)',
      'PASSWORD=${DB_PASSWORD_7xK}',
      'password: <your-Password-1>',
      'password = changeme123A!',
      'password={{resolve:secretsmanager:A1b2}}',
      'postgres://app:${password}@db/app',
      'postgres://app:\u0000@db/app',
      'token=\u0000Ab3$xyz',
      'secret_arn=arn:aws:secretsmanager:eu-west-1:111122223333:secret:Db-7f3K9x',
      `NOT${KEY_ID}KEY`,
    ])
      assert.deepEqual(secretsInText(text), [], text);
  });

  it('are told up to a number of them, which no one reaches who does not mean to', () => {
    const text = Array.from({ length: 5_000 }, (_, i) => `export PASSWORD_${i}=hunter2X9!${i}`).join('\n');
    const found = secretsInText(text);
    assert.equal(found.length, 200);
    assert.deepEqual(found, secretsInText(text.slice(0, text.indexOf('PASSWORD_200='))));
  });

  it('ends in time on text made to be slow', () => {
    const started = performance.now();
    for (const unit of ['a', 'A1', 'password=', 'a:', 'a://', 'secret Ab1/', '-----BEGIN ', 'AKIA'])
      secretsInText(unit.repeat(100_000));
    assert.ok(performance.now() - started < 3000);
  });
});

describe('secret in a variable', () => {
  const holds = (name: string, text: string) => secretInVariable(name, text)?.kind;

  it('goes by the name where the text alone says nothing', () => {
    assert.equal(holds('DB_PASSWORD', 'hunter2X9!'), 'password');
    assert.equal(holds('dbPass', 'hunter2X9!'), 'password');
    assert.equal(holds('api-token', '550e8400-e29b-41d4-a716-446655440000'), 'password');
    assert.equal(holds('secret_key', SECRET_KEY), 'secret-access-key');
    assert.equal(holds('STAGE', 'hunter2X9!'), undefined);
    assert.equal(holds('STAGE', KEY_ID), 'access-key-id');
  });

  it('knows names that say where a secret is, not what it is', () => {
    for (const name of ['DB_SECRET_ARN', 'SecretName', 'TOKEN_URL', 'KMS_KEY_ID', 'PUBLIC_KEY', 'passwordParameter'])
      assert.equal(holds(name, 'Db-7f3K9x!'), undefined, name);
    assert.equal(holds('TOKENIZER', 'words'), undefined);
  });

  it('does not take names and words for secrets', () => {
    for (const text of [
      'prod/my-app/db-secret-v2',
      'my_super_secret_key',
      'MyServiceAuthToken',
      'password',
      '/app/db/p4ss',
      '',
    ])
      assert.equal(looksRandom(text), false, text);
    for (const text of ['Tr0ub4dor&3', 'xoxb-123456789012-abcdefABCDEF', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'])
      assert.equal(looksRandom(text), true, text);
  });
});
