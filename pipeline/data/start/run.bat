@echo off
rem Double-click to run, or drop a folder onto this file. Plain ASCII: launcher\start.py says everything in Chinese.
setlocal
set "PYTHON="
call :find
if not defined PYTHON call :install
if not defined PYTHON goto nothing
%PYTHON% "%~dp0launcher\start.py" %*
exit /b %ERRORLEVEL%

:find
call :try py -3.12
call :try py -3.13
call :try py -3.11
call :try python
call :try "%LocalAppData%\Programs\Python\Python312\python.exe"
call :try "%LocalAppData%\Programs\Python\Python313\python.exe"
call :try "%LocalAppData%\Programs\Python\Python311\python.exe"
exit /b 0

:try
if defined PYTHON exit /b 0
%* -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >nul 2>&1
if not errorlevel 1 set PYTHON=%*
exit /b 0

:install
set "INSTALLER="
for %%I in ("%~dp0python-3*.exe") do set "INSTALLER=%%~fI"
if not defined INSTALLER exit /b 0
start "" /wait "%INSTALLER%" /passive InstallAllUsers=0 PrependPath=1 Include_test=0
call :find
exit /b 0

:nothing
chcp 65001 >nul
type "%~dp0launcher\no-python.txt"
pause
exit /b 2
