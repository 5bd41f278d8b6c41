/** The two channels between the page's preload and main; which commands and events go over them the contract says. */
export const callChannel = 'graft:call';
export const eventChannel = 'graft:event';
