/** Times keystrokes in a large Terraform module, over the protocol: the change goes in, the file's diagnostics come out. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '../lsp/client.ts';

export interface ModuleTimes {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
}

/** One file of a module, as people cut them: a part of a system with its bucket, roles, network and function. */
function part(i: number): string {
  return `# Part ${i}
resource "aws_s3_bucket" "part${i}" {
  bucket = "\${var.prefix}-part-${i}"
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "part${i}" {
  bucket                  = aws_s3_bucket.part${i}.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = ${i % 7 !== 0}
}

data "aws_iam_policy_document" "part${i}" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.part${i}.arn, "\${aws_s3_bucket.part${i}.arn}/*"]
  }
}

resource "aws_iam_role" "part${i}" {
  name = "\${var.prefix}-part-${i}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "part${i}" {
  role   = aws_iam_role.part${i}.id
  policy = data.aws_iam_policy_document.part${i}.json
}

resource "aws_security_group" "part${i}" {
  name   = "part-${i}"
  vpc_id = var.vpc

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lambda_function" "part${i}" {
  function_name = "part-${i}"
  role          = aws_iam_role.part${i}.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "part-${i}.zip"

  environment {
    variables = {
      BUCKET = aws_s3_bucket.part${i}.bucket
    }
  }

  vpc_config {
    security_group_ids = [aws_security_group.part${i}.id]
    subnet_ids         = var.subnets
  }
}

resource "aws_db_instance" "part${i}" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  storage_encrypted   = ${i % 3 !== 0}
  publicly_accessible = false
  username            = "part"
  password            = var.password
}

resource "aws_sqs_queue" "part${i}" {
  name                       = "part-${i}"
  visibility_timeout_seconds = 60
  message_retention_seconds  = 86400
  sqs_managed_sse_enabled    = true
  tags                       = local.tags
}

resource "aws_cloudwatch_log_group" "part${i}" {
  name              = "/aws/lambda/part-${i}"
  retention_in_days = 30
}
`;
}

const VARIABLES = `variable "prefix" {
  default = "shop"
}

variable "vpc" {}

variable "subnets" {
  type = list(string)
}

variable "password" {
  sensitive = true
}

locals {
  tags = { team = "shop" }
}
`;

/** Where is typed: a name, a setting, a policy's action, a local that every file uses. */
const EDITS = [
  { name: 'a resource', file: 'part40.tf', at: 'part-40"\n  tags' },
  { name: 'a policy', file: 'part41.tf', at: 'Object", "s3:List' },
  { name: 'a setting', file: 'part42.tf', at: '.micro"' },
  { name: 'a local', file: 'variables.tf', at: 'shop" }' },
] as const;

/**
 * Types into files of one module.
 * @param count files of the module, each about 100 lines, one of variables beside them
 * @param edits keystrokes a place, of which the first five do not count
 */
export async function measureModule(count: number, edits: number): Promise<{ lines: number; times: ModuleTimes[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'demarc-bench-'));
  const module = join(folder, 'module');
  mkdirSync(module);
  for (let i = 0; i < count; i++) writeFileSync(join(module, `part${i}.tf`), part(i));
  writeFileSync(join(module, 'variables.tf'), VARIABLES);
  const client = await Client.start({ folder: pathToFileURL(folder).href });
  try {
    const times: ModuleTimes[] = [];
    for (const { name, file, at } of EDITS) {
      const path = join(module, file);
      const uri = pathToFileURL(path).href;
      await client.open(uri, readFileSync(path, 'utf8'), 'terraform');
      await client.diagnostics(uri);
      const taken: number[] = [];
      for (let i = 0; i < edits; i++) {
        const from = performance.now();
        await client.replace(uri, at, `x${at}`);
        await client.diagnostics(uri);
        taken.push(performance.now() - from);
        await new Promise((resume) => setTimeout(resume, i % 5 ? 20 : 400));
      }
      const sorted = taken.slice(5).sort((a, b) => a - b);
      const part = (fraction: number) => sorted[Math.floor(fraction * (sorted.length - 1))] ?? Number.NaN;
      times.push({ name: `typing in ${name}`, median: part(0.5), p95: part(0.95) });
      await client.close(uri);
    }
    const lines = part(0).split('\n').length * count + VARIABLES.split('\n').length;
    return { lines, times };
  } finally {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
