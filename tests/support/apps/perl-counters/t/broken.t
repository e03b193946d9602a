use NoSuchModule;
