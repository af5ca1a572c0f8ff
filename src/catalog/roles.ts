/** Azure's built-in roles that this project gives, by name. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roleIds = {
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
} as const satisfies Record<string, string>
export type RoleName = keyof typeof roleIds
