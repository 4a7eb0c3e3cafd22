import type { Route } from './router.svelte';

/** Every page, loaded when it is first opened. */
export const ROUTES: readonly Route[] = [
  {
    path: '/setup',
    name: 'setup',
    load: () => import('../pages/first-run/FirstRunPage.svelte'),
    bare: true,
    open: true,
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    load: () => import('../pages/sign-in/SignInPage.svelte'),
    bare: true,
    open: true,
  },
  { path: '/reset', name: 'reset', load: () => import('../pages/sign-in/ResetPage.svelte'), bare: true, open: true },
  {
    path: '/invite',
    name: 'invite',
    load: () => import('../pages/sign-in/InvitationPage.svelte'),
    bare: true,
    open: true,
  },
  { path: '/', name: 'wall', load: () => import('../pages/wall/WallPage.svelte') },
  { path: '/templates', name: 'templates', load: () => import('../pages/templates/TemplatesPage.svelte') },
  { path: '/rooms/:room/template', name: 'template', load: () => import('../pages/templates/TemplatesPage.svelte') },
  { path: '/rooms/:room/products', name: 'products', load: () => import('../pages/products/ProductsPage.svelte') },
  { path: '/rooms/:room/customise', name: 'customise', load: () => import('../pages/customise/CustomisePage.svelte') },
  { path: '/rooms/:room/live', name: 'live', load: () => import('../pages/go-live/GoLivePage.svelte') },
  { path: '/rooms/:room/desk', name: 'desk', load: () => import('../pages/desk/DeskPage.svelte') },
  { path: '/rooms/:room/reports', name: 'reports', load: () => import('../pages/report/ReportPage.svelte') },
  { path: '/rooms/:room/reports/:show', name: 'report', load: () => import('../pages/report/ReportPage.svelte') },
  { path: '/people', name: 'people', load: () => import('../pages/people/PeoplePage.svelte') },
  { path: '/account', name: 'account', load: () => import('../pages/account/AccountPage.svelte') },
  { path: '/audit', name: 'audit', load: () => import('../pages/audit/AuditPage.svelte') },
];
