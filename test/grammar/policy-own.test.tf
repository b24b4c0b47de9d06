# SYNTAX TEST "source.hcl.terraform.demarc" "IAM policies in HCL, on our own grammar"
data "aws_iam_policy_document" "d" {
#     ^^^^^^^^^^^^^^^^^^^^^^^ - entity.name.type.service.iam
  statement {
    effect    = "Allow"
#                ^^^^^ string.quoted.double.hcl constant.language.effect.iam
    actions   = ["custom:Thing*", "s3:GetObject"]
#                 ^^^^^^ string.quoted.double.hcl entity.name.type.service.iam
#                        ^^^^^ support.function.action.iam
#                             ^ constant.character.wildcard.iam
#                                  ^^ entity.name.type.service.iam
#                                     ^^^^^^^^^ support.function.action.iam
    resources = ["*", "arn:aws:s3:::${var.bucket}/*"]
#                 ^ string.quoted.double.hcl constant.character.wildcard.iam
#                      ^^^ meta.arn.iam keyword.other.arn.iam
#                          ^^^ constant.language.partition.arn.iam
#                              ^^ entity.name.type.service.arn.iam
#                                     ^^^ variable.other.resource.arn.iam variable.language.terraform
#                                                 ^ constant.character.wildcard.iam
    not_actions = [
      "iam:*",
#      ^^^ entity.name.type.service.iam
#          ^ support.function.action.iam constant.character.wildcard.iam
      "unknown:Thing", # s3:GetObject
#      ^^^^^^^ string.quoted.double.hcl - entity.name.type.service.iam
#                        ^^ comment.line.number-sign.hcl - entity.name.type.service.iam
    ]
    principals {
      type        = "AWS"
#                    ^^^ string.quoted.double.hcl - constant.character.wildcard.iam
      identifiers = ["*"]
#                     ^ constant.character.wildcard.iam
    }
    condition {
      variable = "sts:ExternalId"
#                 ^^^ string.quoted.double.hcl - entity.name.type.service.iam
      values   = ["$${aws:username}", "&{aws:userid}"]
#                         ^^^^^^^^ variable.other.policy-variable.iam
#                                            ^^^^^^ variable.other.policy-variable.iam
    }
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Deny", "NotAction" = "sts:AssumeRole", Principal = "*" }]
#                            ^^^^ constant.language.effect.iam
#                                                  ^^^ entity.name.type.service.iam
#                                                      ^^^^^^^^^^ support.function.action.iam
#                                                                                ^ constant.character.wildcard.iam
    Condition = { StringEquals = { "sts:ExternalId" = "Allow" } }
#                                   ^^^ string.quoted.double.hcl - entity.name.type.service.iam
#                                                      ^^^^^ string.quoted.double.hcl - constant.language.effect.iam
  })
  policy = <<-EOT
    { "Statement": [{ "Effect": "Allow", "Action": ["custom:Thing"], "Resource": "*" }] }
#                                ^^^^^ string.unquoted.heredoc.hcl constant.language.effect.iam
#                                                    ^^^^^^ string.unquoted.heredoc.hcl entity.name.type.service.iam
#                                                           ^^^^^ support.function.action.iam
#                                                                                 ^ constant.character.wildcard.iam
    { "Action": "s3:Put*", "Resource": "arn:aws:iam::${local.account}:root" }
#                ^^ entity.name.type.service.iam
#                   ^^^ support.function.action.iam
#                      ^ constant.character.wildcard.iam
#                                               ^^^ entity.name.type.service.arn.iam
#                                                      ^^^^^ variable.language.terraform
    EOT
  name = "deploy-${var.x ? "Allow" : "s3"} and s3:GetObject"
#         ^^^^^^ string.quoted.double.hcl - entity.name.type.service.iam
#                                              ^^ string.quoted.double.hcl - entity.name.type.service.iam
}
