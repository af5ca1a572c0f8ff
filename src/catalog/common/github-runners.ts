import { z } from 'zod'
import { ofType } from '../facts/api-versions.ts'
import { subnetRules } from '../facts/subnet-rules.ts'
import { free } from '../prices.ts'
import { denyInternetInbound } from '../security-rules.ts'
import { defineCommonPart } from './define.ts'

/**
 * A subnet in which GitHub runs its own runners, which so reach what is private. In GitHub somebody makes a network
 * configuration of it, with the value of its tag GitHubId, and a group of runners that uses it.
 */
export const githubRunners = defineCommonPart({
  key: 'githubRunners',
  title: 'GitHub-hosted runners in the VNet',
  documentation:
    'https://docs.github.com/organizations/managing-organization-settings/configuring-private-networking-for-github-hosted-runners-in-your-organization',
  stack: 'common',
  enabled: false,
  resources: {
    githubRunners: {
      type: 'GitHub.Network/networkSettings',
      name: {
        pattern: 'ghns-{factory}-{location}-{env}-{instance}',
        givesWay: 'factory',
        minLength: 1,
        maxLength: 80,
        accepts: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
        scope: 'group',
        source:
          'https://docs.github.com/organizations/managing-organization-settings/configuring-private-networking-for-github-hosted-runners-in-your-organization',
      },
    },
  },
  subnets: {
    runners: {
      purpose: 'Runners that GitHub hosts',
      rule: subnetRules.githubRunners,
      prefixLength: 26,
      serviceEndpoints: [],
      securityRules: [denyInternetInbound],
    },
  },
  options: {
    organizationId: z
      .string()
      .regex(/^[1-9][0-9]{0,18}$/)
      .meta({
        description:
          'The databaseId of the organisation, or of the enterprise, in quotes: gh api graphql -f query=\'{ organization(login: "LOGIN") { databaseId } }\'',
        patternErrorMessage: 'the databaseId of an organisation, a number in quotes such as "9919"',
      }),
  },
  defaults: { dev: {}, stage: {}, prod: {} },
  data: { 'GitHub.Network/networkSettings': 'stateless' },
  prices: { 'GitHub.Network/networkSettings': free },
  template: ({ names, location, tags, subnetId, options }) => [
    {
      ...ofType('GitHub.Network/networkSettings'),
      name: names.githubRunners,
      location,
      tags,
      properties: { subnetId: subnetId('runners'), businessId: options.organizationId },
    },
  ],
})
