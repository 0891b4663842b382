// The build hands these over as minified text.
declare module '*/data.css' {
  const text: string;
  export default text;
}
declare module '*/charts.css' {
  const text: string;
  export default text;
}
