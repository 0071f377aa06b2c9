// Where the collector of slotwise serve takes rows, and gives them out.

export const LOGS_PATH = '/collect/v1/logs'
export const ROWS_PATH = '/collect/rows'
