import { z } from 'zod'
import { ofType } from '../facts/api-versions.ts'
import { free } from '../prices.ts'
import { defineCommonPart } from './define.ts'

/** Shares of the amount at which an alert is sent, in percent. */
const actual = [50, 80, 100]
const forecast = [100]

/**
 * What the common area of an environment may cost in a month. It stops nothing: it alerts people when most of it is spent, or
 * will be. The day on which it begins never changes: https://github.com/Azure/bicep/issues/7149
 */
export const budget = defineCommonPart({
  key: 'budget',
  title: 'Budget',
  documentation:
    'https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets',
  stack: 'common',
  enabled: true,
  resources: {
    budget: {
      type: 'Microsoft.Consumption/budgets',
      name: {
        pattern: 'budget-{factory}-cmn-{env}-{instance}',
        givesWay: 'factory',
        minLength: 1,
        maxLength: 63,
        accepts: /^[a-zA-Z0-9_-]+$/,
        scope: 'group',
        source:
          'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftconsumption',
      },
    },
  },
  subnets: {},
  options: {
    amount: z
      .int()
      .positive()
      .max(10_000_000)
      .describe(
        'What the common area may cost in a month, a whole number in the currency of the subscription.',
      ),
    contactEmails: z
      .array(z.email())
      .max(50)
      .describe(
        'Who gets an alert at 50, 80 and 100 % of the amount, and when 100 % is forecast, besides the owners of the resource group.',
      ),
  },
  defaults: {
    dev: { amount: 300, contactEmails: [] },
    stage: { amount: 300, contactEmails: [] },
    prod: { amount: 500, contactEmails: [] },
  },
  data: { 'Microsoft.Consumption/budgets': 'stateless' },
  prices: { 'Microsoft.Consumption/budgets': free },
  template: ({ names, budgetStart, options: { amount, contactEmails } }) => {
    const notification = (thresholdType: 'Actual' | 'Forecasted', threshold: number) =>
      [
        `${thresholdType.toLowerCase()}${threshold}`,
        {
          enabled: true,
          operator: 'GreaterThanOrEqualTo',
          threshold,
          thresholdType,
          contactEmails,
          contactRoles: ['Owner'],
        },
      ] as const
    return [
      {
        ...ofType('Microsoft.Consumption/budgets'),
        name: names.budget,
        properties: {
          category: 'Cost',
          amount,
          timeGrain: 'Monthly',
          timePeriod: { startDate: budgetStart },
          notifications: Object.fromEntries([
            ...actual.map((share) => notification('Actual', share)),
            ...forecast.map((share) => notification('Forecasted', share)),
          ]),
        },
      },
    ]
  },
})
