export { createDiskQueue, type DiskQueueOptions } from './disk-queue.ts';
export { loadClientSettings, type LoadSettingsOptions } from './settings.ts';
export { settingTable, type ClientSettings, type Setting, type SettingName } from './setting-table.ts';
export { SettingsError, type SettingProblem } from './settings-error.ts';
export { createTrafficLog, type TrafficLogOptions } from './traffic-log.ts';
