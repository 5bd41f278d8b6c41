/** A file that the build puts into the script as a data: address. */
declare module '*?url&inline' {
  const address: string;
  // eslint-disable-next-line no-restricted-syntax -- the form that Vite gives an asset
  export default address;
}
